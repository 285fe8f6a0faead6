import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { LimitInputs, type LimitDraft } from '../budget/limit-inputs.js';
import { UsdInput } from '../budget/usd-input.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useAgentEdition } from './agent-edition.js';

function limitsOf({ requests_per_minute, tokens_per_minute, max_concurrency }: Wire['Agent']): LimitDraft {
  return { requests_per_minute, tokens_per_minute, max_concurrency };
}

/** Changes the budget and the limits of an agent. */
export function AgentDialog({
  listed,
  onClose,
}: {
  readonly listed: Wire['Agent'];
  readonly onClose: () => void;
}): ReactElement {
  const { tenant_id, id } = listed;
  const edition = useAgentEdition(listed);
  const stored = edition.data?.value ?? listed;
  const [typedBudget, setBudget] = useState<string>();
  const [typedLimits, setLimits] = useState<LimitDraft>();
  const budget = typedBudget ?? stored.budget_usd ?? '';
  const limits = typedLimits ?? limitsOf(stored);
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.PUT('/admin/v1/tenants/{tenant_id}/agents/{agent_id}', {
          params: { path: { tenant_id, agent_id: id }, header: { 'If-Match': edition.data?.etag ?? '' } },
          body: { ...limits, budget_usd: budget === '' ? null : budget },
        }),
      ),
    onSuccess: onClose,
  });
  const reload = (): void => {
    change.reset();
    setBudget(undefined);
    setLimits(undefined);
    edition.reload();
  };
  return (
    <FormDialog
      title={`Change the agent ${id}`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Change"
      isBusy={change.isPending || edition.isFetching}
    >
      {edition.error && <ProblemAlert error={edition.error} />}
      <ChangeAlert error={change.error} target={{ tenantId: tenant_id, id }} onReload={reload} />
      <UsdInput
        label="Budget a month"
        description="Empty: none of its own."
        value={budget}
        onChange={setBudget}
      />
      <LimitInputs value={limits} onChange={setLimits} />
    </FormDialog>
  );
}
