import { callableModels, type Catalogue, type CatalogueModel } from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { TollgateError } from '@tollgate/domain';
import {
  completeTenant,
  findModel,
  findPolicyFindings,
  modelRules,
  tenantDefaults,
  type ModelRules,
  type Tenant,
  type TenantSettings,
} from '@tollgate/tenant-config';

/** Something in a policy that no call can use. */
export interface PolicyWarning {
  /** As on the wire. */
  readonly setting: string;
  readonly problem: string;
}

const NO_STATE = { suspended: false, agents: [] };

/** Judges policies as gateways with this environment would. */
export class PolicyJudge {
  readonly rules: ModelRules<CatalogueModel>;

  constructor(
    private readonly settings: Settings,
    private readonly catalogue: Catalogue,
  ) {
    const callable = callableModels(settings, catalogue);
    // An admin API needs no keys of model providers. Without any, it judges by all models that are known.
    const isServed = catalogue.list().some(({ id }) => callable(id));
    this.rules = modelRules(settings, isServed ? callable : (name) => catalogue.find(name));
  }

  /** @throws TollgateError `policy_locks_out` for settings with which a tenant could call no model at all */
  refuseLockOut(own: TenantSettings): void {
    const tenant = this.#complete(own);
    const canCall = (model: string): boolean => this.#canCall(tenant, model);
    // `auto` and its own names lead to models of the catalogue, which are looked at each by itself.
    if (canCall(tenant.defaultModel) || this.catalogue.list().some(({ id }) => canCall(id))) return;
    throw new TollgateError(
      'policy_locks_out',
      'With these settings the tenant could call no model at all.',
      {
        param: own.allowedModels ? 'allowed_models' : 'allow_expensive',
      },
    );
  }

  /** What is not wrong enough to be refused. */
  listWarnings(own: TenantSettings): PolicyWarning[] {
    const tenant = this.#complete(own);
    const warnings: PolicyWarning[] = findPolicyFindings(tenant, this.rules).map(({ setting, problem }) => ({
      setting: setting.toLowerCase(),
      problem,
    }));
    for (const [setting, model] of [
      ['default_model', tenant.defaultModel],
      ['fallback_model', tenant.fallbackModel],
    ] as const)
      if (model !== 'none' && !this.#canCall(tenant, model))
        warnings.push({ setting, problem: 'leads to no model that the tenant can call' });
    return warnings;
  }

  #canCall(tenant: Tenant, model: string): boolean {
    return findModel({ model, taskType: null }, tenant, this.rules).isCallable;
  }

  #complete(own: TenantSettings): Tenant {
    return completeTenant(own, NO_STATE, tenantDefaults(this.settings.env));
  }
}
