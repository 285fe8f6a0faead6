import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';

/** An exact amount of dollars: text, since numbers of a browser are not exact. */
export function UsdInput({
  label,
  description,
  value,
  onChange,
  required = false,
}: {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
}): ReactElement {
  return (
    <TextInput
      label={`${label} (US dollars)`}
      description={description}
      leftSection="$"
      inputMode="decimal"
      pattern="\d{1,7}(\.\d{1,9})?"
      title="Dollars, such as 12.5"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      required={required}
    />
  );
}
