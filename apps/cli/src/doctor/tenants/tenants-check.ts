import type { Settings } from '@tollgate/config';
import {
  VaultError,
  findPolicyFindings,
  type ModelRules,
  type PolicyModel,
  type Tenant,
} from '@tollgate/tenant-config';
import type { Check } from '../check.js';
import { codeOf } from '../error-code.js';
import { error, ok, warning, type Finding } from '../finding.js';
import type { LoadedTenants } from './tenant-loader.js';

const MAX_FINDINGS = 20;

/** What the check works with. */
export interface TenantsCheckOptions {
  readonly settings: Pick<Settings, 'strict' | 'env'>;
  readonly load: () => Promise<LoadedTenants>;
  readonly policy: ModelRules<PolicyModel>;
}

/** A dry load of all tenants from their source, and a look at what they say. */
export class TenantsCheck implements Check {
  readonly name = 'tenants';

  constructor(private readonly options: TenantsCheckOptions) {}

  async *run(): AsyncIterable<Finding> {
    const { env } = this.options.settings;
    const loaded = await this.options.load().catch((thrown: unknown) => thrown);
    if (!isLoaded(loaded)) {
      yield error(
        // What a VaultError says is made for operators, and holds no value.
        `Tenants cannot be read: ${loaded instanceof VaultError ? loaded.message : codeOf(loaded)}.`,
        'A gateway that starts now answers 503 tenant_settings_unavailable.',
        `Mend what the check of ${env.TENANT_LLM_CONFIG_SOURCE === 'vault' ? 'vault' : 'postgres'} names.`,
      );
      return;
    }
    const { tenants, keys, remarks } = loaded;
    yield ok(`${tenants.length} tenant(s) with ${keys.length} key(s), from ${env.TENANT_LLM_CONFIG_SOURCE}.`);
    for (const remark of remarks)
      yield warning(
        `${remark}.`,
        'A gateway that starts now does not serve these tenants, or not with these keys.',
        'Correct their secrets.',
      );
    yield* this.#judgeKeys(loaded);
    yield* this.#judgePolicies(tenants);
  }

  *#judgeKeys({ tenants, keys }: LoadedTenants): Iterable<Finding> {
    const owners = new Set(keys.map(({ tenantId }) => tenantId));
    const without = tenants.filter(({ id }) => !owners.has(id)).map(({ id }) => id);
    if (tenants.length > 0 && without.length === 0) return;
    const shown = without.slice(0, MAX_FINDINGS).join(', ');
    yield warning(
      tenants.length === 0 ? 'There is no tenant.' : `${without.length} tenant(s) have no key: ${shown}.`,
      'Nobody can call a model for them.',
      'Make keys: npm run tollgate -- key create, or API_KEYS in the environment or in Vault.',
    );
  }

  *#judgePolicies(tenants: readonly Tenant[]): Iterable<Finding> {
    const { settings, policy } = this.options;
    const stopsStart = settings.strict && settings.env.TENANT_LLM_CONFIG_SOURCE === 'env';
    const found = tenants.flatMap((tenant) =>
      findPolicyFindings(tenant, policy).map((finding) => ({ id: tenant.id, ...finding })),
    );
    for (const { id, setting, problem } of found.slice(0, MAX_FINDINGS))
      yield {
        level: stopsStart ? 'error' : 'warning',
        what: `Tenant ${id}: in ${setting}, ${problem}.`,
        why: stopsStart ? 'Strict mode refuses to start with it.' : 'Calls that name it are refused.',
        remedy: 'Let it lead to a model that GET /v1/models lists, or remove it.',
      };
    if (found.length > MAX_FINDINGS)
      yield warning(
        `${found.length - MAX_FINDINGS} more findings of this kind.`,
        'They are not shown.',
        'Mend the others first, and run this again.',
      );
  }
}

function isLoaded(result: unknown): result is LoadedTenants {
  return typeof result === 'object' && result !== null && 'tenants' in result;
}
