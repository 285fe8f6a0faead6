import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatCount } from '../format/quantity.js';
import { formatNanoUsd } from '../format/usd.js';
import { PagedTable, type Column } from '../list/paged-table.js';
import { useCanWrite } from '../session/session-context.js';
import { AgentDialog } from './agent-dialog.js';
import { CreateAgentDialog } from './create-agent-dialog.js';
import { RemoveAgentDialog } from './remove-agent-dialog.js';

type Agent = Wire['Agent'];
type Doing = { readonly what: 'create' } | { readonly what: 'change' | 'remove'; readonly agent: Agent };

const facts: readonly Column<Agent>[] = [
  { title: 'Agent', cell: ({ id }) => id },
  {
    title: 'Budget a month',
    isNumber: true,
    cell: ({ budget_nano_usd }) =>
      budget_nano_usd === null ? 'none of its own' : formatNanoUsd(budget_nano_usd),
  },
  { title: 'Requests a minute', isNumber: true, cell: (agent) => formatCount(agent.requests_per_minute) },
  { title: 'Tokens a minute', isNumber: true, cell: (agent) => formatCount(agent.tokens_per_minute) },
  { title: 'Calls at once', isNumber: true, cell: (agent) => formatCount(agent.max_concurrency) },
];

/** The registered agents of a tenant with their budgets and limits. */
export function AgentsPanel({ tenantId }: { readonly tenantId: string }): ReactElement {
  const canWrite = useCanWrite();
  const queryClient = useQueryClient();
  const [doing, setDoing] = useState<Doing>();
  const close = (): void => {
    setDoing(undefined);
    void queryClient.invalidateQueries({ queryKey: ['agents', tenantId] });
  };
  const actions: Column<Agent> = {
    title: 'Actions',
    cell: (agent) => (
      <Group gap="xs" wrap="nowrap">
        {(['change', 'remove'] as const).map((what) => (
          <Button
            key={what}
            size="xs"
            variant="default"
            aria-label={`${what} the agent ${agent.id}`}
            onClick={() => setDoing({ what, agent })}
          >
            {what === 'change' ? 'Change' : 'Remove'}
          </Button>
        ))}
      </Group>
    ),
  };
  return (
    <>
      {canWrite && (
        <Button mb="md" onClick={() => setDoing({ what: 'create' })}>
          Register an agent
        </Button>
      )}
      <PagedTable
        caption={`Agents of ${tenantId}`}
        columns={canWrite ? [...facts, actions] : facts}
        rowKey={({ id }) => id}
        queryKey={['agents', tenantId]}
        fetchPage={(cursor) =>
          bodyOf(
            adminApi.GET('/admin/v1/tenants/{tenant_id}/agents', {
              params: { path: { tenant_id: tenantId }, query: { cursor, limit: '25' } },
            }),
          )
        }
        emptyText="No agent is registered. Calls may name any agent; only registered ones have limits."
      />
      {doing?.what === 'create' && <CreateAgentDialog tenantId={tenantId} onClose={close} />}
      {doing?.what === 'change' && <AgentDialog listed={doing.agent} onClose={close} />}
      {doing?.what === 'remove' && <RemoveAgentDialog listed={doing.agent} onClose={close} />}
    </>
  );
}
