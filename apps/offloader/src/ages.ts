import type { Environment } from '@tollgate/config';

const DAY_SECONDS = 86_400;

/** How long after its last change what happens to a finished checkpoint. */
export interface Ages {
  readonly olderThanSeconds: number;
  readonly retentionSeconds: number;
  /** Undefined: archived checkpoints stay for ever. */
  readonly expireSeconds: number | undefined;
}

/** The ages that the environment asks for. */
export function agesOf(env: Environment): Ages {
  const expireDays = env.CHECKPOINT_ARCHIVE_EXPIRE_DAYS;
  const isImmediate = env.CHECKPOINT_EVICT_AFTER_VERIFY === 'immediate';
  return {
    olderThanSeconds: env.CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS * DAY_SECONDS,
    retentionSeconds: isImmediate ? 0 : env.CHECKPOINT_RETENTION_DAYS * DAY_SECONDS,
    expireSeconds: expireDays === undefined ? undefined : expireDays * DAY_SECONDS,
  };
}
