import { TollgateError } from '@tollgate/domain';

/** The condition of a write does not hold; version 0 stands for no such run. */
export function versionConflict(actualVersion: number): TollgateError {
  const message =
    actualVersion === 0 ? 'There is no such run.' : `The latest version of the run is ${actualVersion}.`;
  return new TollgateError('checkpoint_version_conflict', message, {
    facts: { actual_version: actualVersion },
  });
}

/** The caller may write the runs of one agent, and this run is not one of them. */
export function foreignRun(): TollgateError {
  return new TollgateError(
    'agent_not_allowed',
    'The run is not one of the agent that this API key is bound to.',
  );
}

/** The run was deleted, and nobody asked for it to begin anew. */
export function runDeleted(version: number): TollgateError {
  return new TollgateError('run_deleted', 'The run was deleted. With ?recreate=true it begins anew.', {
    facts: { actual_version: version },
  });
}

/** The tenant's live checkpoints would become too many, or too large. */
export function quotaExceeded(
  scope: 'checkpoints' | 'bytes',
  limit: number | undefined,
  used: number,
): TollgateError {
  return new TollgateError('checkpoint_quota_exceeded', `The tenant's quota of ${scope} is used up.`, {
    facts: { scope, limit: limit ?? null, used },
  });
}
