import type { NamedModels } from '@tollgate/config';
import type { Limits } from '@tollgate/domain';

/** A tenant with its effective settings: defaults are filled in. */
export interface Tenant {
  readonly id: string;
  /** What `auto` stands for; may be an alias, as the fallback model may. */
  readonly defaultModel: string;
  /** Takes the place of a model that fails; `none` for none. */
  readonly fallbackModel: string;
  /** Patterns (`gpt-4o*`) of the models the tenant may use; undefined: all. */
  readonly allowedModels: readonly string[] | undefined;
  /** Whether it may use models above the operator's threshold of prices. */
  readonly allowExpensive: boolean;
  /** Models by the tenant's own names; undefined: none. */
  readonly modelAliases: NamedModels | undefined;
  /** What `auto` stands for, by task type; undefined: nothing of the tenant's own. */
  readonly taskModels: NamedModels | undefined;
  readonly limits: Limits;
  readonly maxCostPerRequestNanoUsd: number | undefined;
  /** The most one run may cost in total. */
  readonly runBudgetNanoUsd: number | undefined;
  /** A suspended tenant's keys are refused. */
  readonly suspended: boolean;
  /** Registered agents by id. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** Short hash over all of the above, kept with every usage event. */
  readonly configHash: string;
}

/** A named program of a tenant. */
export interface Agent {
  readonly id: string;
  readonly limits: Limits;
}

/** An API key; the secret itself is known to its owner only. */
export interface ApiKey {
  /** The public part of `tg_<public>_<secret>`, or for other keys the first 12 hex digits of their hash. */
  readonly id: string;
  readonly tenantId: string;
  /** SHA-256 of the whole key, lower-case hex. */
  readonly secretSha256: string;
  /** The only agent that this key may act for. */
  readonly agentId: string | undefined;
  readonly limits: Limits;
  /** ms since the epoch. */
  readonly expiresAtMs: number | undefined;
}
