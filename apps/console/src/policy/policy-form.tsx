import { Fieldset, SegmentedControl, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { LimitInputs } from '../budget/limit-inputs.js';
import { UsdInput } from '../budget/usd-input.js';
import type { PolicyDraft } from './policy-draft.js';

/** All settings of a policy. */
export function PolicyForm({
  draft,
  onChange,
  isReadOnly,
}: {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
  readonly isReadOnly: boolean;
}): ReactElement {
  const set = (change: Partial<PolicyDraft>): void => onChange({ ...draft, ...change });
  return (
    <Stack component="fieldset" bd="none" p={0} m={0} {...{ disabled: isReadOnly }}>
      <ModelFields draft={draft} set={set} />
      <Fieldset legend="Limits">
        <Stack gap="sm">
          <LimitInputs
            value={{
              requests_per_minute: draft.requestsPerMinute,
              tokens_per_minute: draft.tokensPerMinute,
              max_concurrency: draft.maxConcurrency,
            }}
            onChange={(limits) =>
              set({
                requestsPerMinute: limits.requests_per_minute ?? null,
                tokensPerMinute: limits.tokens_per_minute ?? null,
                maxConcurrency: limits.max_concurrency ?? null,
              })
            }
          />
          <UsdInput
            label="Most that one request may cost"
            value={draft.maxCostUsd}
            onChange={(maxCostUsd) => set({ maxCostUsd })}
          />
          <UsdInput
            label="Budget of one run"
            value={draft.runBudgetUsd}
            onChange={(runBudgetUsd) => set({ runBudgetUsd })}
          />
        </Stack>
      </Fieldset>
    </Stack>
  );
}

function ModelFields({
  draft,
  set,
}: {
  readonly draft: PolicyDraft;
  readonly set: (change: Partial<PolicyDraft>) => void;
}): ReactElement {
  return (
    <Fieldset legend="Models">
      <Stack gap="sm">
        <TextInput
          label="Default model"
          description="What auto stands for; may be an alias. Empty: the default."
          value={draft.defaultModel}
          onChange={(event) => set({ defaultModel: event.currentTarget.value.trim() })}
        />
        <TextInput
          label="Fallback model"
          description="A model, an alias, or none. Empty: the default."
          value={draft.fallbackModel}
          onChange={(event) => set({ fallbackModel: event.currentTarget.value.trim() })}
        />
        <TagsInput
          label="Allowed models"
          description="Enter after each; * stands for any characters. Empty: all."
          value={[...(draft.allowedModels ?? [])]}
          onChange={(models) => set({ allowedModels: models.length === 0 ? null : models })}
        />
        <div>
          <Text size="sm" fw={500} id="expensive">
            Expensive models
          </Text>
          <SegmentedControl
            aria-labelledby="expensive"
            value={draft.expensive}
            onChange={(expensive) => set({ expensive })}
            data={[
              { value: 'default', label: 'Default' },
              { value: 'yes', label: 'Allowed' },
              { value: 'no', label: 'Refused' },
            ]}
          />
        </div>
        <TagsInput
          label="Aliases"
          description="name=model, Enter after each."
          value={[...draft.aliases]}
          onChange={(aliases) => set({ aliases })}
        />
        <TagsInput
          label="Models by task type"
          description="task=model, Enter after each: what auto stands for."
          value={[...draft.taskModels]}
          onChange={(taskModels) => set({ taskModels })}
        />
      </Stack>
    </Fieldset>
  );
}
