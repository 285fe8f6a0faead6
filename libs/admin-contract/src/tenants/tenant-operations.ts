import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText } from '../wire/members.js';
import { pageOf, pageQuery } from '../wire/page.js';
import {
  effectiveSettingsAnswer,
  newTenantBody,
  policyAnswer,
  policyBody,
  policyChangeAnswer,
  tenantAnswer,
  tenantBody,
  tenantParams,
} from './tenant-schemas.js';

const tag = 'tenants';
const tenant = { tag, params: tenantParams, answer: tenantAnswer, hasEtag: true } as const;
const change = { ...tenant, role: 'operator', changesEdition: true } as const;

/** Everything about tenants and their policies. */
export const tenantOperations = {
  list: defineOperation({
    id: 'listTenants',
    tag,
    summary: 'List tenants by id',
    method: 'GET',
    path: '/tenants',
    query: z.strictObject({
      ...pageQuery,
      search: plainText.optional().meta({ description: 'A part of the id.' }),
    }),
    answer: pageOf(tenantAnswer),
  }),
  create: defineOperation({
    id: 'createTenant',
    tag,
    summary: 'Create a tenant',
    method: 'POST',
    path: '/tenants',
    role: 'operator',
    body: newTenantBody,
    answer: tenantAnswer,
    status: 201,
    hasEtag: true,
    errors: ['already_exists', 'policy_locks_out'],
  }),
  read: defineOperation({
    ...tenant,
    id: 'readTenant',
    summary: 'Read a tenant',
    method: 'GET',
    path: '/tenants/:tenant_id',
    errors: ['tenant_not_found'],
  }),
  replace: defineOperation({
    ...change,
    id: 'replaceTenant',
    summary: 'Replace all settings of a tenant',
    method: 'PUT',
    path: '/tenants/:tenant_id',
    body: tenantBody,
    errors: ['tenant_not_found', 'policy_locks_out'],
  }),
  patch: defineOperation({
    ...change,
    id: 'patchTenant',
    summary: 'Change some settings of a tenant; null unsets one',
    method: 'PATCH',
    path: '/tenants/:tenant_id',
    body: tenantBody,
    errors: ['tenant_not_found', 'policy_locks_out'],
  }),
  suspend: defineOperation({
    ...change,
    id: 'suspendTenant',
    summary: 'Suspend a tenant: its keys are refused',
    method: 'POST',
    path: '/tenants/:tenant_id/suspend',
    errors: ['tenant_not_found'],
  }),
  resume: defineOperation({
    ...change,
    id: 'resumeTenant',
    summary: 'Let a suspended tenant go on',
    method: 'POST',
    path: '/tenants/:tenant_id/resume',
    errors: ['tenant_not_found'],
  }),
  remove: defineOperation({
    id: 'deleteTenant',
    tag,
    summary: 'Delete a tenant with its agents and keys; its usage stays in the ledger',
    method: 'DELETE',
    path: '/tenants/:tenant_id',
    role: 'admin',
    params: tenantParams,
    status: 204,
    changesEdition: true,
    errors: ['tenant_not_found'],
  }),
  readEffective: defineOperation({
    id: 'readEffectiveSettings',
    tag,
    summary: 'Read every setting that holds for a tenant, and where it comes from',
    method: 'GET',
    path: '/tenants/:tenant_id/effective-settings',
    params: tenantParams,
    answer: effectiveSettingsAnswer,
    errors: ['tenant_not_found', 'tenant_settings_unavailable'],
  }),
  readPolicy: defineOperation({
    ...tenant,
    id: 'readPolicy',
    tag: 'policy',
    summary: 'Read the policy of a tenant',
    method: 'GET',
    path: '/tenants/:tenant_id/policy',
    answer: policyAnswer,
    errors: ['tenant_not_found'],
  }),
  replacePolicy: defineOperation({
    ...change,
    id: 'replacePolicy',
    tag: 'policy',
    summary: 'Replace the policy of a tenant, or see what that would change',
    method: 'PUT',
    path: '/tenants/:tenant_id/policy',
    query: z.strictObject({
      dry_run: z.enum(['true', 'false']).optional().meta({ description: '`true`: changes nothing.' }),
    }),
    body: policyBody,
    answer: policyChangeAnswer,
    errors: ['tenant_not_found', 'policy_locks_out'],
  }),
};
