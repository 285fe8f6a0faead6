import { ConfigurationError, type Problem, type Settings } from '@tollgate/config';
import { findPolicyFindings, type PolicyFinding, type Tenant } from '@tollgate/tenant-config';
import type { Logger } from 'pino';
import type { ModelPolicy } from '../call/resolve-model.js';

function toProblem({ id }: Tenant, { setting, problem }: PolicyFinding): Problem {
  return {
    kind: 'configuration',
    variable: `TENANT_${id.toUpperCase().replaceAll('-', '_')}_${setting}`,
    problem,
    remedy: 'Let it lead to a model that GET /v1/models lists, or remove it',
  };
}

/** Looks for aliases and task models that no call can use, whenever tenants were loaded. */
export class PolicyCheck {
  /** What was said already, by tenant. */
  #reported = new Map<string, string>();

  constructor(
    private readonly settings: Settings,
    private readonly policy: ModelPolicy,
    private readonly logger: Logger,
  ) {}

  /** Logs each tenant's findings, once for each edition of its settings. */
  report(tenants: readonly Tenant[]): void {
    const reported = new Map(tenants.map(({ id, configHash }) => [id, configHash]));
    for (const tenant of tenants) {
      if (this.#reported.get(tenant.id) === tenant.configHash) continue;
      for (const finding of findPolicyFindings(tenant, this.policy))
        this.logger.warn({ tenantId: tenant.id, ...finding }, 'model policy finding');
    }
    this.#reported = reported;
  }

  /** In strict mode, tenants of the environment with findings stop the start. @throws ConfigurationError */
  refuseStart(tenants: readonly Tenant[]): void {
    if (!this.settings.strict || this.settings.env.TENANT_LLM_CONFIG_SOURCE !== 'env') return;
    const problems = tenants.flatMap((tenant) =>
      findPolicyFindings(tenant, this.policy).map((finding) => toProblem(tenant, finding)),
    );
    if (problems.length > 0) throw new ConfigurationError(problems);
  }
}
