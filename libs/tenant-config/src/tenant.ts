import type { Limits } from '@tollgate/domain';

/** A tenant with its effective settings: defaults are filled in. */
export interface Tenant {
  readonly id: string;
  readonly defaultModel: string;
  readonly fallbackModel: string;
  /** Models the tenant may use; undefined: all. */
  readonly allowedModels: readonly string[] | undefined;
  readonly allowExpensive: boolean;
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
