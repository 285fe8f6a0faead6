import { NumberInput } from '@mantine/core';
import type { ReactElement } from 'react';

/** Limits as they stand in a form; null: none of its own. */
export interface LimitDraft {
  readonly requests_per_minute?: number | null;
  readonly tokens_per_minute?: number | null;
  readonly max_concurrency?: number | null;
}

const LIMITS = [
  ['requests_per_minute', 'Requests a minute'],
  ['tokens_per_minute', 'Tokens a minute (input and output)'],
  ['max_concurrency', 'Calls at the same time'],
] as const;

/** Limits of a tenant, an agent or a key; empty ones are not set. */
export function LimitInputs({
  value,
  onChange,
}: {
  readonly value: LimitDraft;
  readonly onChange: (value: LimitDraft) => void;
}): ReactElement {
  return (
    <>
      {LIMITS.map(([name, label]) => (
        <NumberInput
          key={name}
          label={label}
          placeholder="not set"
          min={0}
          allowDecimal={false}
          thousandSeparator=","
          value={value[name] ?? ''}
          onChange={(next) => onChange({ ...value, [name]: next === '' ? null : Number(next) })}
        />
      ))}
    </>
  );
}
