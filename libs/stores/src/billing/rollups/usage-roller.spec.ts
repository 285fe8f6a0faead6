import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { APPEND_SQL } from '../../ledger/append.sql.js';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import type { UsageEvent } from '../../ledger/usage-event.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import { UsageReader } from '../usage/usage-reader.js';
import { RollupVerifier } from './rollup-verifier.js';
import { UsageRoller } from './usage-roller.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 12);
const MONTH = { fromMs: monthStartMs('2026-11'), toMs: monthEndMs('2026-11') };
const RIGHT = { excess: 0, lacking: 0, wrongTotals: 0 };

describe('UsageRoller', () => {
  let database: BillingDatabase;
  let ledger: PostgresLedger;
  let reader: UsageReader;
  let roller: UsageRoller;
  let verifier: RollupVerifier;

  beforeAll(async () => {
    database = await openBillingDatabase(NOON);
    ledger = new PostgresLedger(database.gateway);
    reader = new UsageReader({ pool: database.admin });
    roller = new UsageRoller({ pool: database.admin, batchHours: 3 });
    verifier = new RollupVerifier({ pool: database.admin });
  });
  afterAll(() => database.close());

  const costOf = async (tenantId: string, bucket?: 'hour'): Promise<number> => {
    const rows = await Array.fromAsync(reader.stream({ ...MONTH, bucket, filters: { tenant: [tenantId] } }));
    return rows.reduce((sum, row) => sum + row.costNanoUsd, 0);
  };
  const count = async (sql: string): Promise<unknown> => (await database.owner.query(sql)).rows[0];

  it('adds an hour up once, and again only when something in it has changed', async () => {
    await ledger.append([
      usageEventOf(NOON, { tenantId: 'once' }),
      usageEventOf(NOON + HOUR_MS, { tenantId: 'once' }),
    ]);
    expect(await roller.run()).toMatchObject({ isLeader: true, hours: 2 });
    expect(await roller.run()).toEqual({ isLeader: true, hours: 0 });
    await ledger.append([usageEventOf(NOON + 1, { tenantId: 'once' })]);
    expect(await roller.run()).toEqual({ isLeader: true, hours: 1 });
    expect(await count("SELECT sum(calls)::int AS calls FROM usage_daily WHERE tenant_id = 'once'")).toEqual({
      calls: 3,
    });
  });

  it('sees what a transaction wrote that was under way during the run, and began before others that ended', async () => {
    const tenantId = 'in-flight';
    const client = await database.gateway.connect();
    await client.query('BEGIN');
    const month = '2026-11';
    await client.query(APPEND_SQL, [
      JSON.stringify([{ ...usageEventOf(NOON, { tenantId, keyId: 'slow' }), month }]),
    ]);
    await ledger.append([usageEventOf(NOON, { tenantId: 'other' })]);
    await roller.run();
    await roller.run();
    expect(await costOf(tenantId)).toBe(0);
    await client.query('COMMIT');
    client.release();
    expect(await costOf(tenantId)).toBe(4500);
    await roller.run();
    expect(await costOf(tenantId)).toBe(4500);
    expect(
      await count(`SELECT sum(cost_nano_usd)::int AS cost FROM usage_hourly WHERE tenant_id = '${tenantId}'`),
    ).toEqual({ cost: 4500 });
  });

  it('sees that a presumed event was replaced long after its hour was rolled up', async () => {
    const real = usageEventOf(NOON, { tenantId: 'presumed', costNanoUsd: 70 });
    await ledger.append([{ ...real, status: 'presumed', costNanoUsd: 9000 }]);
    await roller.run();
    expect(await costOf('presumed', 'hour')).toBe(9000);
    await ledger.append([real]);
    expect(await costOf('presumed', 'hour')).toBe(70);
    expect(await roller.run()).toMatchObject({ hours: 1 });
    expect(await costOf('presumed', 'hour')).toBe(70);
  });

  it('leaves a run that is under way to the replica that has it', async () => {
    const other = await database.owner.connect();
    await other.query('BEGIN');
    await other.query("SELECT pg_advisory_xact_lock(hashtext('tollgate'), hashtext('usage_rollups'))");
    expect(await roller.run()).toEqual({ isLeader: false, hours: 0 });
    await other.query('ROLLBACK');
    other.release();
  });

  it('starts over in a cluster whose transaction numbers are others, and answers from the ledger until then', async () => {
    await ledger.append([usageEventOf(NOON, { tenantId: 'moved' })]);
    await roller.run();
    await database.owner.query('UPDATE usage_rollup_state SET cluster_id = 1, watermark = 1000000000000');
    await ledger.append([usageEventOf(NOON, { tenantId: 'moved' })]);
    expect(await costOf('moved')).toBe(9000);
    await roller.run();
    expect(await costOf('moved')).toBe(9000);
    expect(await verifier.verify('2026-11')).toEqual(RIGHT);
  });

  it('is noticed by the verifier when it is wrong', async () => {
    await ledger.append([usageEventOf(NOON, { tenantId: 'wrong' })]);
    await roller.run();
    await database.owner.query("UPDATE usage_hourly SET calls = calls + 1 WHERE tenant_id = 'wrong'");
    await database.owner.query(
      "UPDATE budget_totals SET total_nano_usd = 1 WHERE tenant_id = 'wrong' AND scope = 't'",
    );
    expect(await verifier.verify('2026-11')).toEqual({ excess: 1, lacking: 1, wrongTotals: 1 });
    await database.owner.query("DELETE FROM usage_events WHERE tenant_id = 'wrong'");
    await database.owner.query("DELETE FROM usage_hourly WHERE tenant_id = 'wrong'");
    await database.owner.query("DELETE FROM usage_daily WHERE tenant_id = 'wrong'");
    await database.owner.query("DELETE FROM budget_totals WHERE tenant_id = 'wrong'");
  });

  it('ends well when its connection is cut at any moment', async () => {
    await ledger.append(
      Array.from({ length: 40 }, (_, i) => usageEventOf(NOON - i * HOUR_MS, { tenantId: 'cut' })),
    );
    const url = new URL(String(database.owner.options.connectionString));
    url.searchParams.set('application_name', 'cut');
    for (let round = 0; round < 6; round += 1) {
      const pool = new pg.Pool({ connectionString: url.href, max: 1, application_name: 'cut' });
      pool.on('error', () => undefined);
      const run = new UsageRoller({ pool, batchHours: 2 }).run().then(
        () => undefined,
        () => undefined,
      );
      for (let look = 0; look < round; look += 1) await database.owner.query('SELECT 1');
      await database.owner.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'",
      );
      await run;
      await pool.end();
      expect(await verifier.verify('2026-11')).toEqual(RIGHT);
      await ledger.append([usageEventOf(NOON - round * HOUR_MS, { tenantId: 'cut' })]);
    }
    await roller.run();
    expect(await verifier.verify('2026-11')).toEqual(RIGHT);
    expect(await count("SELECT sum(calls)::int AS calls FROM usage_hourly WHERE tenant_id = 'cut'")).toEqual({
      calls: 46,
    });
  });

  const eventArbitrary = fc.record({
    hour: fc.integer({ min: -30, max: 20 }),
    tenantId: fc.constantFrom('p1', 'p2'),
    agentId: fc.constantFrom(null, 'a', 'b'),
    keyId: fc.constantFrom('k1', 'k2'),
    model: fc.constantFrom('m1', 'm2'),
    taskType: fc.constantFrom(null, 'planning'),
    status: fc.constantFrom<UsageEvent['status']>('completed', 'failed', 'presumed', 'presumed'),
    attempt: fc.constantFrom(0, 0, 0, 1),
    costNanoUsd: fc.integer({ min: 0, max: 1000 }),
    inputTokens: fc.integer({ min: 0, max: 50 }),
  });
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(eventArbitrary, { minLength: 1, maxLength: 6 })
        .map((events) => ({ kind: 'append' as const, events })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('replace' as const),
        pick: fc.nat(50),
        costNanoUsd: fc.nat(500),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'roll' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'verify' as const }) },
  );

  it('makes answers equal the ledger at every moment, whatever writers and other rollers do meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 8 }), { minLength: 2, maxLength: 3 }),
        async (writers) => {
          const play = async (steps: (typeof writers)[number]): Promise<void> => {
            const presumed: UsageEvent[] = [];
            for (const each of steps)
              if (each.kind === 'append') {
                const events = each.events.map(({ hour, ...more }) =>
                  usageEventOf(NOON + hour * HOUR_MS, more),
                );
                presumed.push(...events.filter(({ status }) => status === 'presumed'));
                await ledger.append(events);
              } else if (each.kind === 'replace') {
                const found = presumed[each.pick % presumed.length];
                if (found)
                  await ledger.append([{ ...found, status: 'completed', costNanoUsd: each.costNanoUsd }]);
              } else if (each.kind === 'roll') await roller.run();
              else expect(await verifier.verify('2026-11')).toEqual(RIGHT);
          };
          await Promise.all(writers.map(play));
          expect(await verifier.verify('2026-11')).toEqual(RIGHT);
          await roller.run();
          expect(await verifier.verify('2026-11')).toEqual(RIGHT);
          const ledgerSum = await database.owner.query(
            'SELECT tenant_id, sum(cost_nano_usd)::int AS cost FROM usage_events GROUP BY 1 HAVING sum(cost_nano_usd) > 0 ORDER BY 1',
          );
          const daily = await database.owner.query(
            'SELECT tenant_id, sum(cost_nano_usd)::int AS cost FROM usage_daily GROUP BY 1 HAVING sum(cost_nano_usd) > 0 ORDER BY 1',
          );
          expect(daily.rows).toEqual(ledgerSum.rows);
        },
      ),
      { numRuns: 25 },
    );
  });
});
