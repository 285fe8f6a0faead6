import type { Catalogue } from '@tollgate/adapters';
import { RESERVED_MODEL_NAMES } from '@tollgate/config';
import { findModel, type Tenant } from '@tollgate/tenant-config';
import type { ModelPolicy } from '../call/resolve-model.js';

/** A name that a tenant may ask for, and whose it is: a model provider's, the tenant's, or ours. */
export interface CallableName {
  readonly id: string;
  readonly ownedBy: string;
}

/** Every name that the tenant can call, each once: `auto`, its aliases, then the catalogue's models in their order. */
export function listCallable(tenant: Tenant, catalogue: Catalogue, policy: ModelPolicy): CallableName[] {
  const owners = new Map<string, string>([[RESERVED_MODEL_NAMES.auto, 'tollgate']]);
  for (const alias of tenant.modelAliases?.keys() ?? []) owners.set(alias, tenant.id);
  for (const { id, modelProvider } of catalogue.list()) if (!owners.has(id)) owners.set(id, modelProvider);
  return [...owners]
    .filter(([id]) => findModel({ model: id, taskType: null }, tenant, policy).isCallable)
    .map(([id, ownedBy]) => ({ id, ownedBy }));
}
