import { error, ok, warning, type Finding } from '../finding.js';
import type { RedisInfo } from './parse-info.js';

const WHY =
  'After a restart it comes back empty: rates start anew, and the first call of each tenant waits for its budget.';
const REMEDY = 'Set appendonly yes, with appendfsync everysec.';

/** What a server does to remember its data; `snapshots` is its `save` setting, undefined when it was not to be read. */
export function judgePersistence(info: RedisInfo, snapshots: string | undefined): Finding {
  const isAppending = info['aof_enabled'] === '1';
  const lastWrites = [info['rdb_last_bgsave_status'], isAppending ? info['aof_last_write_status'] : 'ok'];
  if (lastWrites.some((status) => status !== undefined && status !== 'ok'))
    return error(
      'Redis could not write its data to its disk.',
      'It then refuses to write at all (stop-writes-on-bgsave-error, AOF errors).',
      'Look at its disk and its log.',
    );
  if (isAppending) return ok('Redis keeps its data (AOF).');
  if (snapshots === undefined)
    return warning('Redis has no AOF, and does not say whether it makes snapshots.', WHY, REMEDY);
  if (snapshots !== '') return ok('Redis keeps its data (RDB snapshots).');
  return warning('Redis keeps nothing on disk.', WHY, REMEDY);
}
