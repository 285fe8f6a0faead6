import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { NO_TOKENS, monthOf, uuidV7 } from '@tollgate/domain';
import { LedgerWriter } from './ledger-writer.js';
import { PostgresLedger } from './postgres-ledger.js';
import type { ScopeTotal } from './scope-total.js';
import { FINAL_ATTEMPT, type UsageEvent } from './usage-event.js';

const COST = 4500;

function eventOf(tenantId: string): UsageEvent {
  return {
    requestId: uuidV7(Date.now()),
    attempt: FINAL_ATTEMPT,
    tenantId,
    keyId: 'k1',
    agentId: null,
    runId: null,
    taskType: null,
    modelAsked: 'gpt-4o-mini',
    model: 'gpt-4o-mini',
    modelProvider: 'openai',
    ...NO_TOKENS,
    inputTokens: 10,
    outputTokens: 5,
    costNanoUsd: COST,
    priceVersion: 'v1',
    status: 'completed',
    errorCode: null,
    usageSource: 'reported',
    streamed: false,
    latencyMs: 12,
    firstTokenMs: null,
    configHash: 'c0ffee',
  };
}

/** The real ledger, whose writes can be held up or lost on either side of their commit. */
class TroubledLedger extends PostgresLedger {
  readonly batches: number[] = [];
  before = (): Promise<void> => Promise.resolve();
  after = (): Promise<void> => Promise.resolve();

  override async append(events: readonly UsageEvent[]): Promise<ScopeTotal[]> {
    this.batches.push(events.length);
    await this.before();
    const totals = await super.append(events);
    await this.after();
    return totals;
  }
}

/** Fails so many times. */
function failing(times: number): () => Promise<void> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw new Error('the ledger is gone');
  };
}

/** A door that the next write waits at: `reached` when it stands there, `open` to let it through. */
function gate(): { wait: () => Promise<void>; reached: Promise<void>; open: () => void } {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const wait = (): Promise<void> => {
    reached.resolve();
    return opened.promise;
  };
  return { wait, reached: reached.promise, open: opened.resolve };
}

const poolOf = (url: string): ReturnType<typeof createPostgresPool> =>
  createPostgresPool({
    url,
    maxConnections: 4,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // Cutting connections is part of the test.
  });

describe('LedgerWriter', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPostgresPool>;
  let ledger: TroubledLedger;
  let writer: LedgerWriter;
  let durable: { events: readonly UsageEvent[]; totals: readonly ScopeTotal[] }[];
  let errors: unknown[];
  let tenantId = '';

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = poolOf(database.url);
    await new PostgresLedger(pool).prepareMonths();
  });
  beforeEach(() => {
    tenantId = `tenant-${uuidV7(Date.now())}`;
    [durable, errors] = [[], []];
    ledger = new TroubledLedger(pool);
    writer = open(10_000);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  function open(capacity: number): LedgerWriter {
    return new LedgerWriter({
      ledger,
      capacity,
      onDurable: (events, totals) => durable.push({ events, totals }),
      onError: (error) => errors.push(error),
    });
  }

  function write(count: number): UsageEvent[] {
    const events = Array.from({ length: count }, () => eventOf(tenantId));
    for (const event of events) {
      writer.takePlace();
      writer.write(event);
    }
    return events;
  }

  /** Every event is in the ledger once, and its cost in the total once. */
  async function expectLedger(events: readonly UsageEvent[]): Promise<void> {
    const { rows } = await pool.query<{ request_id: string }>(
      'SELECT request_id FROM usage_events WHERE tenant_id = $1 ORDER BY request_id',
      [tenantId],
    );
    expect(rows.map((row) => row.request_id)).toEqual(events.map(({ requestId }) => requestId).sort());
    const [total] = await ledger.readTotals(tenantId, [{ scope: 't', window: monthOf(Date.now()) }]);
    expect(total?.totalNanoUsd).toBe(events.length * COST);
    expect(durable.flatMap((batch) => batch.events)).toEqual(events);
  }

  it('writes what comes in together in one statement', async () => {
    const events = write(20);
    await writer.flush();
    expect(ledger.batches).toEqual([20]);
    await expectLedger(events);
    expect(durable[0]?.totals.find(({ scope }) => scope === 't')).toMatchObject({ totalNanoUsd: 20 * COST });
  });

  it('writes one batch at a time, and collects meanwhile', async () => {
    const { wait, reached, open: openGate } = gate();
    ledger.before = wait;
    const first = write(1);
    await reached;
    const others = [...write(3), ...write(4)];
    expect(ledger.batches).toEqual([1]);
    openGate();
    await writer.flush();
    expect(ledger.batches).toEqual([1, 7]);
    await expectLedger([...first, ...others]);
  });

  it('writes at most 500 events at once, in their order', async () => {
    const events = write(1100);
    await writer.flush();
    expect(ledger.batches).toEqual([500, 500, 100]);
    await expectLedger(events);
  });

  it('refuses calls when every place is taken, and gives places back', async () => {
    writer = open(3);
    const { wait, reached, open: openGate } = gate();
    ledger.before = wait;
    const events = write(2);
    writer.takePlace();
    expect(writer.hasRoom).toBe(false);
    expect(() => writer.takePlace()).toThrow(
      expect.objectContaining({ code: 'ledger_unavailable', retryAfterMs: 1000 }),
    );
    writer.leavePlace(); // That call made no upstream call.
    expect(writer.hasRoom).toBe(true);
    writer.takePlace();
    await reached;
    expect(writer.hasRoom).toBe(false); // An event keeps its place until it is durable.
    openGate();
    await writer.flush();
    expect(writer.hasRoom).toBe(true);
    writer.takePlace();
    writer.takePlace();
    expect(() => writer.takePlace()).toThrow(expect.objectContaining({ code: 'ledger_unavailable' }));
    await expectLedger(events);
  });

  it('frees the place of a call with its last event alone, after the tries before it', async () => {
    writer = open(2);
    const end = eventOf(tenantId);
    const tries = [1, 2, 3].map((attempt) => ({ ...end, attempt, costNanoUsd: 0 }));
    writer.takePlace();
    writer.takePlace();
    for (const event of tries) writer.write(event);
    await writer.flush();
    expect(durable.flatMap(({ events }) => events)).toEqual(tries);
    expect(() => writer.takePlace()).toThrow(expect.objectContaining({ code: 'ledger_unavailable' }));
    writer.write(end);
    await writer.flush();
    writer.takePlace();
    expect(() => writer.takePlace()).toThrow(expect.objectContaining({ code: 'ledger_unavailable' }));
  });

  it('tries again until the ledger is back, and loses and doubles nothing', async () => {
    ledger.before = failing(3);
    const first = write(2);
    const flushed = writer.flush();
    const second = write(3);
    await flushed;
    expect(errors).toHaveLength(3);
    expect(ledger.batches.length).toBeGreaterThanOrEqual(4);
    await expectLedger([...first, ...second]);
    expect(writer.hasRoom).toBe(true);
  });

  it('doubles nothing when a commit went through but its answer was lost', async () => {
    ledger.after = failing(2);
    const events = write(5);
    await writer.flush();
    expect(errors).toHaveLength(2);
    await expectLedger(events);
    expect(durable.at(-1)?.totals.find(({ scope }) => scope === 't')).toMatchObject({
      totalNanoUsd: 5 * COST,
    });
  });

  it('waits through an outage of Postgres itself', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const admin = poolOf(new URL('/postgres', database.url).href);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    const { wait: failOnce, reached } = gate();
    const report = (error: unknown): void => {
      errors.push(error);
      void failOnce();
    };
    writer = new LedgerWriter({
      ledger,
      capacity: 100,
      onDurable: (events, totals) => durable.push({ events, totals }),
      onError: report,
    });
    const events = write(10);
    await reached;
    expect(durable).toEqual([]);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    await writer.flush();
    await expectLedger(events);
  });

  it('knows how much waits, and for how long', async () => {
    expect([writer.backlog, writer.lagMs]).toEqual([0, 0]);
    const { wait, reached, open: openGate } = gate();
    ledger.before = wait;
    write(4);
    expect(writer.backlog).toBe(4);
    await reached;
    const firstLagMs = writer.lagMs;
    while (writer.lagMs <= firstLagMs) await new Promise((resolve) => setImmediate(resolve));
    expect(writer.backlog).toBe(4);
    openGate();
    await writer.flush();
    expect([writer.backlog, writer.lagMs]).toEqual([0, 0]);
  });

  it('has nothing to flush when nothing waits', async () => {
    await writer.flush();
    expect(ledger.batches).toEqual([]);
  });
});
