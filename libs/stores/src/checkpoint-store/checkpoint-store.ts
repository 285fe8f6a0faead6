import type { CheckpointDraft, CheckpointStatus, FoundCheckpoint, ListedCheckpoint } from './checkpoint.js';

/** What a tenant may keep live; undefined is no limit. Puts that run at the same time do not see each other's growth. */
export interface CheckpointQuota {
  readonly checkpoints?: number | undefined;
  /** After gzip. */
  readonly bytes?: number | undefined;
}

/** How a version is written. */
export interface PutOptions {
  /** The version that must be the latest; 0: the run must not exist. Undefined: whichever is. */
  readonly ifVersion?: number | undefined;
  /** The agent whose runs alone may be written; undefined: any. */
  readonly boundAgentId?: string | undefined;
  /** Whether a deleted run may begin anew, at the version after its last. */
  readonly recreate: boolean;
  readonly quota: CheckpointQuota;
  /** How many versions can be read from then on, the new one included. */
  readonly keepVersions: number;
}

/** When a run is deleted; what is undefined does not matter. */
export type DeleteCondition = Pick<PutOptions, 'ifVersion' | 'boundAgentId'>;

/** A version that was written. */
export interface PutCheckpoint {
  readonly version: number;
  /** Whether the run did not exist before. */
  readonly isNew: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which checkpoints are wanted. */
export interface CheckpointQuery {
  readonly agentId?: string | undefined;
  readonly status?: CheckpointStatus | undefined;
  /** Inclusive. */
  readonly createdAfter?: Date | undefined;
  /** Exclusive. */
  readonly createdBefore?: Date | undefined;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of checkpoints, newest run first. */
export interface CheckpointPage {
  readonly items: readonly ListedCheckpoint[];
  /** Undefined on the last page. */
  readonly nextCursor?: string;
}

/**
 * Keeps the checkpoints of runs. Everything happens inside one tenant: other tenants' runs do not exist. What a promise
 * resolves with is durable. When the store cannot answer, every method throws TollgateError
 * `checkpoint_store_unavailable`.
 */
export abstract class CheckpointStore {
  /**
   * Writes the next version of a run; one that is in the archive alone comes back live.
   * @throws TollgateError `checkpoint_version_conflict`, `agent_not_allowed`, `run_deleted`, `checkpoint_quota_exceeded`
   */
  abstract put(
    tenantId: string,
    runId: string,
    draft: CheckpointDraft,
    options: PutOptions,
  ): Promise<PutCheckpoint>;
  /** The latest version, or a version that is kept. */
  abstract get(tenantId: string, runId: string, version?: number): Promise<FoundCheckpoint | undefined>;
  /**
   * Deletes a run for good, and answers its last version; again for a run that is deleted already. Undefined: there is no
   * such run.
   * @throws TollgateError `checkpoint_version_conflict`, `agent_not_allowed`
   */
  abstract delete(tenantId: string, runId: string, condition?: DeleteCondition): Promise<number | undefined>;
  /** @throws TollgateError `invalid_request` when the cursor is none of ours */
  abstract list(tenantId: string, query: CheckpointQuery): Promise<CheckpointPage>;
}
