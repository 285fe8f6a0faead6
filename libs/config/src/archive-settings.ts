import type { Problem } from './configuration-error.js';
import { isPlainHttp } from './plain-http.js';
import type { Settings } from './settings.js';
import type { Environment } from './variables.js';

/** The variables of R2: all, or none. */
export const R2_NAMES = ['R2_ENDPOINT', 'R2_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY'] as const;

/** What cannot work in the settings of the archive and the offloader, in any mode. */
export function archiveContradictions(
  env: Environment,
  isGiven: (name: keyof Environment) => boolean,
): Problem[] {
  const problems: Problem[] = [];
  const missing = R2_NAMES.filter((name) => !isGiven(name));
  const isR2 = missing.length < R2_NAMES.length;
  for (const variable of isR2 ? missing : []) {
    const problem = 'the archive is set in part, and this is missing';
    problems.push({ kind: 'store', variable, problem, remedy: `Set it, or none of ${R2_NAMES.join(', ')}` });
  }
  if (isR2 && isGiven('CHECKPOINT_ARCHIVE_FOLDER')) {
    problems.push({
      kind: 'store',
      variable: 'CHECKPOINT_ARCHIVE_FOLDER',
      problem: 'there can be one archive only, and R2 is set too',
      remedy: 'Unset it, or the R2_… variables',
    });
  }
  return [...problems, ...ageContradictions(env)];
}

function ageContradictions(env: Environment): Problem[] {
  const problems: Problem[] = [];
  const retentionDays = env.CHECKPOINT_RETENTION_DAYS;
  if (retentionDays < env.CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS) {
    problems.push({
      kind: 'store',
      variable: 'CHECKPOINT_RETENTION_DAYS',
      problem: 'checkpoints would be due for eviction before they are archived',
      remedy: 'Set it to CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS or more',
    });
  }
  if ((env.CHECKPOINT_ARCHIVE_EXPIRE_DAYS ?? Number.POSITIVE_INFINITY) < retentionDays) {
    problems.push({
      kind: 'store',
      variable: 'CHECKPOINT_ARCHIVE_EXPIRE_DAYS',
      problem: 'archived checkpoints would expire before they are evicted',
      remedy: 'Set it to CHECKPOINT_RETENTION_DAYS or more, or unset it',
    });
  }
  return problems;
}

/** What strict mode refuses in the settings of the archive. */
export function archiveFindings({ env }: Pick<Settings, 'env'>): Problem[] {
  if (env.R2_ENDPOINT === undefined || !isPlainHttp(env.R2_ENDPOINT)) return [];
  if (env.STRICT_ACKNOWLEDGE.includes('plain-http')) return [];
  return [
    {
      kind: 'store',
      variable: 'R2_ENDPOINT',
      problem: 'archived checkpoints would travel over plain HTTP',
      remedy: 'Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it',
    },
  ];
}
