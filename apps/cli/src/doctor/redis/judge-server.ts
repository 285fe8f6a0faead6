import { error, ok, warning, type Finding } from '../finding.js';
import type { RedisInfo } from './parse-info.js';

const OLDEST = [6, 2];
const DOCUMENTED = [7, 0];

function isBelow(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function judgeVersion(info: RedisInfo): Finding {
  // Valkey tells old clients the version of the Redis that it is compatible with, and its own beside it.
  const compatible = info['redis_version'] ?? '0';
  const isValkey = info['valkey_version'] !== undefined;
  const name = isValkey ? `Valkey ${info['valkey_version']}` : `Redis ${compatible}`;
  const remedy = 'Upgrade it to Redis 7 or Valkey.';
  if (isBelow(compatible, OLDEST)) return error(`${name} is too old.`, 'The scripts need 6.2.', remedy);
  if (isBelow(compatible, DOCUMENTED))
    return warning(`${name} is old.`, 'Tollgate is not tested with it.', remedy);
  return ok(`${name} is reachable.`);
}

function judgeEviction({ maxmemory_policy: policy, maxmemory }: RedisInfo): Finding {
  if (policy === 'noeviction') return ok('Redis evicts nothing (maxmemory-policy noeviction).');
  const why = 'Evicting the holds of a tenant lets it spend more than its budget.';
  const remedy = 'Set maxmemory-policy to noeviction.';
  if (policy === undefined)
    return warning(
      'Redis does not say whether it evicts keys.',
      why,
      'See that maxmemory-policy is noeviction.',
    );
  const when = maxmemory === '0' ? 'once it has a maxmemory' : 'when its memory is full';
  return error(`Redis evicts keys ${when} (maxmemory-policy ${policy}).`, why, remedy);
}

function judgeCluster(cluster: RedisInfo): Finding {
  if (cluster['cluster_state'] !== 'ok')
    return error(
      'The Redis cluster is not in order (cluster_state).',
      'It refuses keys whose slots nobody serves.',
      'Look at CLUSTER INFO and CLUSTER SHARDS.',
    );
  const size = Number(cluster['cluster_size']);
  if (size === 1) return ok('The Redis cluster has one shard.');
  return error(
    `The Redis cluster has ${size} shards, and a gateway talks to the one of REDIS_URL.`,
    'Calls of tenants whose slot is on another shard are refused (MOVED).',
    'Use a cluster of one shard, a server without cluster mode, or a proxy that hides the shards.',
  );
}

/** What INFO, and in cluster mode CLUSTER INFO, say about a server but for its persistence. */
export function judgeServer(info: RedisInfo, cluster: RedisInfo | undefined): Finding[] {
  const findings = [judgeVersion(info), judgeEviction(info)];
  if (info['role'] === 'slave')
    findings.push(
      error(
        'This Redis is a replica.',
        'It refuses to write, so no call can be admitted.',
        'Point REDIS_URL at the primary, or at an address that follows it.',
      ),
    );
  if (cluster) findings.push(judgeCluster(cluster));
  return findings;
}
