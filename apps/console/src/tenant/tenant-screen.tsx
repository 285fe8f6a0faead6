import { Badge, Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useNavigate, useParams } from 'react-router';
import { AgentsPanel } from '../agents/agents-panel.js';
import { adminApi, editionOf } from '../api/admin-api.js';
import { BudgetPanel } from '../budget/budget-panel.js';
import { KeysPanel } from '../keys/keys-panel.js';
import { ScreenTitle } from '../layout/screen-title.js';
import { PolicyPanel } from '../policy/policy-panel.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { UsagePanel } from '../usage/usage-panel.js';
import { SuspensionButton } from './suspension-button.js';

const TABS = [
  ['budget', 'Budget', BudgetPanel],
  ['policy', 'Policy', PolicyPanel],
  ['keys', 'Keys', KeysPanel],
  ['agents', 'Agents', AgentsPanel],
  ['usage', 'Usage', UsagePanel],
] as const;

/** One tenant with everything that belongs to it. */
export function TenantScreen(): ReactElement {
  const { tenantId = '', tab = TABS[0][0] } = useParams();
  const navigate = useNavigate();
  const tenant = useQuery({
    queryKey: ['tenant', tenantId],
    queryFn: () =>
      editionOf(adminApi.GET('/admin/v1/tenants/{tenant_id}', { params: { path: { tenant_id: tenantId } } })),
  });
  if (tenant.error) return <ProblemAlert error={tenant.error} onRetry={() => void tenant.refetch()} />;
  if (tenant.data === undefined) return <Skeleton height={320} aria-label="Loading the tenant" />;
  const isSuspended = tenant.data.value.status === 'suspended';
  return (
    <>
      <ScreenTitle title={`Tenant ${tenantId}`}>
        {isSuspended && (
          <Badge variant="filled" color="red.9">
            suspended
          </Badge>
        )}
        <SuspensionButton tenant={tenant.data} />
      </ScreenTitle>
      <Tabs
        value={tab}
        onChange={(next) => void navigate(`/tenants/${tenantId}/${next ?? ''}`)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map(([value, title]) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(([value, , Panel]) => (
          <Tabs.Panel key={value} value={value}>
            <Panel tenantId={tenantId} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
