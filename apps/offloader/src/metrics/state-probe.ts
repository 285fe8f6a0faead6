import { Probe } from '@tollgate/health';
import { readPackTotals } from '@tollgate/stores';
import type { Pool } from 'pg';
import type { Parts } from '../parts.js';
import type { OffloadMeter } from './offload-meter.js';

/** Injection token of the look at the database that each scrape makes. */
export const STATE_PROBE = Symbol('StateProbe');

/** Reads the gauges off the database: bounded in time and shared like a health probe; what is not known stays as it was. */
export type StateProbe = Probe;

/** Makes the look. */
export function createStateProbe(
  pool: Pool,
  { queue, alarms, ages }: Parts,
  meter: OffloadMeter,
  timeoutMs: number,
): StateProbe {
  return new Probe(
    'state',
    async () => {
      const [state, packs, open] = await Promise.all([
        queue.readState(ages.olderThanSeconds, ages.retentionSeconds),
        readPackTotals(pool),
        alarms.listOpen(),
      ]);
      meter.setState({ queue: state, packs, openAlarms: open.length });
    },
    timeoutMs,
  );
}
