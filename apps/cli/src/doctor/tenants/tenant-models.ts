import { RESERVED_MODEL_NAMES } from '@tollgate/config';
import type { Tenant } from '@tollgate/tenant-config';

/** Which models tenants name: by model provider, by model, the ids of the tenants. */
export type NamedByTenants = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const RESERVED: ReadonlySet<string> = new Set(Object.values(RESERVED_MODEL_NAMES));

function namesOf(tenant: Tenant): Set<string> {
  const aliases = tenant.modelAliases ?? new Map<string, string>();
  const named = [
    tenant.defaultModel,
    tenant.fallbackModel,
    ...aliases.values(),
    ...(tenant.taskModels?.values() ?? []),
    ...(tenant.allowedModels ?? []).filter((pattern) => !pattern.includes('*')),
  ];
  // What an alias stands for is among them already.
  return new Set(named.filter((name) => !RESERVED.has(name) && !aliases.has(name)));
}

/** Collects the models that tenants name; `find` answers whose model a name is, if it can be called. */
export function collectNamedModels(
  tenants: readonly Tenant[],
  find: (name: string) => { readonly modelProvider: string } | undefined,
): NamedByTenants {
  const all = new Map<string, Map<string, string[]>>();
  for (const tenant of tenants) {
    for (const name of namesOf(tenant)) {
      const modelProvider = find(name)?.modelProvider;
      if (modelProvider === undefined) continue;
      const models = all.get(modelProvider) ?? new Map<string, string[]>();
      all.set(modelProvider, models.set(name, [...(models.get(name) ?? []), tenant.id]));
    }
  }
  return all;
}
