import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../archive-index/transaction.js';
import { ledgerLines } from './ledger-lines.sql.js';
import { DIMENSION_COLUMNS, MEASURE_COLUMNS, SUM_COLUMNS } from './rollup-columns.js';
import { readWatermark } from './watermark.js';

const DEFAULT_BATCH_HOURS = 24;

const dimensions = DIMENSION_COLUMNS.join(', ');
const measures = MEASURE_COLUMNS.join(', ');
const daySums = ['calls', 'tries', ...SUM_COLUMNS].map((column) => `sum(${column})::bigint`).join(', ');

const LOCK_SQL =
  "SELECT pg_try_advisory_xact_lock(hashtext('tollgate'), hashtext('usage_rollups')) AS locked";

// Every transaction below the snapshot's xmin has ended: what it wrote is seen here, or was taken back. Whoever is still
// under way, or begins later, has a number that the next run looks from.
const FIND_SQL = `
  WITH found AS (
    INSERT INTO usage_dirty_hours (tenant_id, hour)
    SELECT DISTINCT tenant_id, tollgate_hour_of(request_id) FROM usage_events WHERE change_xid >= $1
    ON CONFLICT DO NOTHING
  )
  UPDATE usage_rollup_state SET watermark = pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    cluster_id = (SELECT system_identifier FROM pg_control_system()), rolled_at = now()`;

const TAKE_SQL = `
  DELETE FROM usage_dirty_hours WHERE (tenant_id, hour) IN (SELECT tenant_id, hour FROM usage_dirty_hours ORDER BY hour, tenant_id LIMIT $1)
  RETURNING tenant_id, hour`;

const HOURS = 'unnest($1::text[], $2::timestamptz[]) AS h (tenant_id, hour)';
const DAYS = `(SELECT DISTINCT tenant_id, date_trunc('day', hour, 'UTC') AS day FROM ${HOURS}) d`;

const REPLACE_SQL = [
  `DELETE FROM usage_hourly u USING ${HOURS} WHERE u.tenant_id = h.tenant_id AND u.hour = h.hour`,
  `INSERT INTO usage_hourly (tenant_id, hour, ${dimensions}, ${measures}) ${ledgerLines(`(SELECT * FROM ${HOURS})`)}`,
  `DELETE FROM usage_daily u USING ${DAYS} WHERE u.tenant_id = d.tenant_id AND u.day = d.day`,
  `INSERT INTO usage_daily (tenant_id, day, ${dimensions}, ${measures})
   SELECT tenant_id, d.day, ${dimensions}, ${daySums} FROM ${DAYS} JOIN usage_hourly u USING (tenant_id)
   WHERE u.hour >= d.day AND u.hour < d.day + interval '1 day' GROUP BY tenant_id, d.day, ${dimensions}`,
];

/** What a run of the roller did. */
export interface RollReport {
  /** False when another replica's run was under way, which is left to it. */
  readonly isLeader: boolean;
  /** Tenants' hours that were added up again. */
  readonly hours: number;
}

/** What the roller needs. */
export interface UsageRollerOptions {
  readonly pool: Pool;
  /** Tenants' hours that one transaction adds up; default 24. */
  readonly batchHours?: number;
}

/**
 * Keeps usage_hourly and usage_daily up to date. Each hour that has a row changed since the last run is added up again
 * from the ledger, however old it is. Any replica may run it at any time, and may be killed at any time: an hour is out of
 * date, and known to be, until the transaction commits that put it right.
 */
export class UsageRoller {
  constructor(private readonly options: UsageRollerOptions) {}

  /** Rolls up everything that has been committed until now; call it once a minute or so. */
  async run(): Promise<RollReport> {
    if (!(await this.#locked(findDirtyHours))) return { isLeader: false, hours: 0 };
    let hours = 0;
    for (;;) {
      const done = await this.#locked((client) => this.#rollBatch(client));
      if (done === undefined) return { isLeader: false, hours };
      if (done === 0) return { isLeader: true, hours };
      hours += done;
    }
  }

  async #rollBatch(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ tenant_id: string; hour: Date }>(TAKE_SQL, [
      this.options.batchHours ?? DEFAULT_BATCH_HOURS,
    ]);
    if (rows.length === 0) return 0;
    const values = [rows.map((row) => row.tenant_id), rows.map((row) => row.hour)];
    for (const statement of REPLACE_SQL) await client.query(statement, values);
    return rows.length;
  }

  /** Undefined when another replica has the lock, which ends with the transaction. */
  #locked<T>(work: (client: PoolClient) => Promise<T>): Promise<T | undefined> {
    return inTransaction(this.options.pool, async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(LOCK_SQL);
      const result = rows[0]?.locked === true ? await work(client) : undefined;
      return { isCommitted: true, result };
    });
  }
}

async function findDirtyHours(client: PoolClient): Promise<true> {
  await client.query(FIND_SQL, [await readWatermark(client)]);
  return true;
}
