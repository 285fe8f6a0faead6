import type { Pool } from 'pg';
import { readWatermark } from '../rollups/watermark.js';
import type { RawRow } from './usage-row.js';
import type { Statement } from './usage.sql.js';

const BATCH_ROWS = 1000;
const MAX_IDLE_MS = 60_000;

/**
 * Runs a statement and yields its rows in batches, all of one snapshot. A reader that takes nothing for a minute loses its
 * connection, so that none can hold the snapshot, and with it the clean-up of the whole database, for ever.
 */
export async function* streamRows(
  pool: Pool,
  build: (watermark: string) => Statement,
): AsyncGenerator<readonly RawRow[], void, undefined> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${MAX_IDLE_MS}`);
    const { text, values } = build(await readWatermark(client));
    await client.query(`DECLARE usage_rows NO SCROLL CURSOR FOR ${text}`, [...values]);
    for (;;) {
      const { rows } = await client.query<RawRow>(`FETCH ${BATCH_ROWS} FROM usage_rows`);
      if (rows.length > 0) yield rows;
      if (rows.length < BATCH_ROWS) return;
    }
  } finally {
    await client.query('ROLLBACK').catch((error: unknown) => {
      broken ??= error instanceof Error ? error : new Error('rollback failed');
    });
    client.off('error', onError);
    client.release(broken);
  }
}
