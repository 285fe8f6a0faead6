import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { tenantParams } from '../tenants/tenant-schemas.js';
import { budgetLimitsAnswer, budgetLimitsInput, time } from '../wire/members.js';
import { amountsAgree } from '../wire/money.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'agents';
const params = tenantParams.extend({ agent_id: settingFields.agentId });
const limitsBody = z.strictObject(budgetLimitsInput).superRefine(amountsAgree(['budget']));

/** A registered agent with its limits. */
export const agentAnswer = z.strictObject({
  id: z.string(),
  tenant_id: z.string(),
  ...budgetLimitsAnswer,
  created_at: time,
  updated_at: time,
});

const one = { tag, params, answer: agentAnswer, hasEtag: true } as const;

/** Everything about the agents of a tenant. */
export const agentOperations = {
  list: defineOperation({
    id: 'listAgents',
    tag,
    summary: 'List the registered agents of a tenant',
    method: 'GET',
    path: '/tenants/:tenant_id/agents',
    params: tenantParams,
    query: z.strictObject(pageQuery),
    answer: pageOf(agentAnswer),
    errors: ['tenant_not_found'],
  }),
  create: defineOperation({
    id: 'createAgent',
    tag,
    summary: 'Register an agent',
    method: 'POST',
    path: '/tenants/:tenant_id/agents',
    role: 'operator',
    params: tenantParams,
    body: z
      .strictObject({ id: settingFields.agentId, ...budgetLimitsInput })
      .superRefine(amountsAgree(['budget'])),
    answer: agentAnswer,
    status: 201,
    hasEtag: true,
    errors: ['tenant_not_found', 'already_exists'],
  }),
  read: defineOperation({
    ...one,
    id: 'readAgent',
    summary: 'Read an agent',
    method: 'GET',
    path: '/tenants/:tenant_id/agents/:agent_id',
    errors: ['tenant_not_found', 'agent_not_found'],
  }),
  replace: defineOperation({
    ...one,
    id: 'replaceAgent',
    summary: 'Replace the budget and the limits of an agent',
    method: 'PUT',
    path: '/tenants/:tenant_id/agents/:agent_id',
    role: 'operator',
    changesEdition: true,
    body: limitsBody,
    errors: ['tenant_not_found', 'agent_not_found'],
  }),
  remove: defineOperation({
    id: 'deleteAgent',
    tag,
    summary: 'Remove an agent; keys that are bound to it stay bound',
    method: 'DELETE',
    path: '/tenants/:tenant_id/agents/:agent_id',
    role: 'operator',
    params,
    status: 204,
    changesEdition: true,
    errors: ['tenant_not_found', 'agent_not_found'],
  }),
};
