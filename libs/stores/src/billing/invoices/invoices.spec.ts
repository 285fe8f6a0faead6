import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import type { UsageEvent } from '../../ledger/usage-event.js';
import { Corrections } from '../corrections/corrections.js';
import { UsageRoller } from '../rollups/usage-roller.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import { sumOf, type Invoice } from './invoice.js';
import { CLOSE_GRACE_MS, Invoices } from './invoices.js';

const OCTOBER = Date.UTC(2026, 9, 5);
const NOVEMBER = Date.UTC(2026, 10, 5);
const DECEMBER = Date.UTC(2026, 11, 5);
const MONTHS = ['2026-10', '2026-11', '2026-12', '2027-01'];
const actor = 'ada';

describe('Invoices', () => {
  let database: BillingDatabase;
  let ledger: PostgresLedger;
  let nowMs: number;
  let invoices: Invoices;
  let corrections: Corrections;

  beforeAll(async () => {
    database = await openBillingDatabase(NOVEMBER);
    ledger = new PostgresLedger(database.gateway);
    nowMs = monthEndMs('2027-01') + CLOSE_GRACE_MS;
    const clock = { now: () => nowMs };
    invoices = new Invoices({ pool: database.admin, clock });
    corrections = new Corrections({ pool: database.admin, clock });
  });
  afterAll(() => database.close());

  const costs = ({ lines }: Invoice): unknown[] =>
    lines.map((line) => [line.kind, line.month, line.agentId, line.model, line.calls, line.costNanoUsd]);

  it('bill a month by agent and model, live until it is closed and never changed after', async () => {
    const tenantId = 'a';
    await ledger.append([
      usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 3 }),
      usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 4 }),
      usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 5, agentId: null, model: 'claude' }),
    ]);
    const key = { tenantId, month: '2026-11' };
    const draft = await invoices.getInvoice(key);
    expect(draft).toMatchObject({ status: 'draft', totalNanoUsd: 12 });
    expect(costs(draft)).toEqual([
      ['usage', '2026-11', null, 'claude', 1, 5],
      ['usage', '2026-11', 'planner', 'gpt-4o-mini', 2, 7],
    ]);
    const closed = await invoices.close({ ...key, actor });
    expect(closed).toEqual({
      ...draft,
      status: 'closed',
      closedAtMs: nowMs,
      closedBy: 'ada',
      contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await ledger.append([usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 100 })]);
    expect(await invoices.getInvoice(key)).toEqual(closed);
    expect(await invoices.close({ ...key, actor: 'bob' })).toEqual(closed);
    expect(await invoices.listClosed(tenantId)).toEqual([closed]);
  });

  it('have what was corrected or came late after the closing as credits and debits on the next one, once', async () => {
    const tenantId = 'b';
    const presumed = usageEventOf(OCTOBER, { tenantId, status: 'presumed', costNanoUsd: 900 });
    const replaced = usageEventOf(OCTOBER, {
      tenantId,
      status: 'presumed',
      costNanoUsd: 500,
      model: 'claude',
    });
    await ledger.append([presumed, replaced]);
    await invoices.close({ tenantId, month: '2026-10', actor });
    await corrections.correct({
      requestId: presumed.requestId,
      status: 'aborted',
      costNanoUsd: 200,
      reason: 'bill, line 3',
      actor,
    });
    await ledger.append([{ ...replaced, status: 'completed', costNanoUsd: 40, model: 'gpt-4o' }]);
    await ledger.append([
      usageEventOf(OCTOBER, { tenantId, costNanoUsd: 7, agentId: 'late' }),
      usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 1000 }),
    ]);
    const november = await invoices.close({ tenantId, month: '2026-11', actor });
    expect(costs(november)).toEqual([
      ['usage', '2026-11', 'planner', 'gpt-4o-mini', 1, 1000],
      ['adjustment', '2026-10', 'late', 'gpt-4o-mini', 1, 7],
      ['adjustment', '2026-10', 'planner', 'claude', -1, -500],
      ['adjustment', '2026-10', 'planner', 'gpt-4o', 1, 40],
      ['adjustment', '2026-10', 'planner', 'gpt-4o-mini', 0, -700],
    ]);
    expect(november.lines.map(({ reasons }) => reasons)).toEqual([[], [], [], [], ['bill, line 3']]);
    expect(sumOf(november.lines, 'adjustment')).toBe(-1153);
    expect(costs(await invoices.getInvoice({ tenantId, month: '2026-12' }))).toEqual([]);
  });

  it('are not closed before the month is over and its last calls have ended', async () => {
    const month = '2026-12';
    const at = (ms: number): Invoices => new Invoices({ pool: database.admin, clock: { now: () => ms } });
    await ledger.append([usageEventOf(DECEMBER, { tenantId: 'c' })]);
    const key = { tenantId: 'c', month, actor };
    await expect(at(monthEndMs(month) - 1).close(key)).rejects.toMatchObject({ code: 'month_not_over' });
    await expect(at(monthEndMs(month) + CLOSE_GRACE_MS - 1).close(key)).rejects.toMatchObject({
      code: 'within_grace',
    });
    expect(await at(monthEndMs(month) + CLOSE_GRACE_MS).close(key)).toMatchObject({ status: 'closed' });
  });

  it('are closed in the order of months', async () => {
    const tenantId = 'd';
    await ledger.append([usageEventOf(OCTOBER, { tenantId }), usageEventOf(DECEMBER, { tenantId })]);
    await expect(invoices.close({ tenantId, month: '2026-12', actor })).rejects.toMatchObject({
      code: 'earlier_month_open',
    });
    await invoices.close({ tenantId, month: '2026-10', actor });
    await invoices.close({ tenantId, month: '2026-12', actor });
    await expect(invoices.close({ tenantId, month: '2026-11', actor })).rejects.toMatchObject({
      code: 'later_month_closed',
    });
    await ledger.append([usageEventOf(NOVEMBER, { tenantId, costNanoUsd: 11 })]);
    expect(costs(await invoices.getInvoice({ tenantId, month: '2027-01' }))).toEqual([
      ['adjustment', '2026-11', 'planner', 'gpt-4o-mini', 1, 11],
    ]);
  });

  it('are closed once when many close them at once', async () => {
    const tenantId = 'e';
    await ledger.append([usageEventOf(OCTOBER, { tenantId })]);
    const closed = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        invoices.close({ tenantId, month: '2026-10', actor: `actor ${i}` }),
      ),
    );
    expect(new Set(closed.map((invoice) => JSON.stringify(invoice))).size).toBe(1);
  });

  it('are changed and deleted by nobody, and not read when they were', async () => {
    for (const sql of [
      'UPDATE invoices SET total_nano_usd = 0',
      'DELETE FROM invoices',
      'TRUNCATE invoices',
    ]) {
      await expect(database.owner.query(sql)).rejects.toMatchObject({ code: '23001' });
      await expect(database.admin.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
    await database.owner.query('ALTER TABLE invoices DISABLE TRIGGER USER');
    await database.owner.query(
      `UPDATE invoices SET content = replace(content, '"calls":1', '"calls":2') WHERE tenant_id = 'e'`,
    );
    await database.owner.query('ALTER TABLE invoices ENABLE TRIGGER USER');
    await expect(invoices.listClosed('e')).rejects.toThrow('its hash differs');
    await database.owner.query(`ALTER TABLE invoices DISABLE TRIGGER USER`);
    await database.owner.query(`DELETE FROM invoices WHERE tenant_id = 'e'`);
    await database.owner.query('ALTER TABLE invoices ENABLE TRIGGER USER');
  });

  it('are closed for all tenants, whatever is open, and the second time there is nothing to do', async () => {
    const open = await Array.fromAsync(invoices.closeAll({ month: '2027-01', actor }));
    expect(open.map(({ tenantId, month }) => `${tenantId} ${month}`)).toEqual([
      'a 2027-01',
      'd 2027-01',
      'e 2026-10',
    ]);
    expect(await Array.fromAsync(invoices.closeAll({ month: '2027-01', actor }))).toEqual([]);
  });

  const step = fc.oneof(
    fc.record({
      kind: fc.constant('call' as const),
      month: fc.nat(2),
      presumed: fc.boolean(),
      agent: fc.constantFrom('x', 'y', null),
      cost: fc.nat(1000),
    }),
    fc.record({ kind: fc.constant('replace' as const), pick: fc.nat(20), cost: fc.nat(1000) }),
    fc.record({ kind: fc.constant('correct' as const), pick: fc.nat(20), cost: fc.nat(1000) }),
    fc.record({ kind: fc.constant('close' as const), month: fc.nat(2) }),
    fc.constant({ kind: 'roll' as const }),
  );

  it('sum up to the ledger whatever is closed, corrected, replaced and late, in whatever order', async () => {
    const roller = new UsageRoller({ pool: database.admin });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
        const tenantId = `p${(round += 1)}`;
        const presumed: UsageEvent[] = [];
        const play = async (each: (typeof steps)[number]): Promise<unknown> => {
          if (each.kind === 'roll') return roller.run();
          if (each.kind === 'close')
            return invoices
              .close({ tenantId, month: MONTHS[each.month] ?? '', actor })
              .catch((error: unknown) => {
                expect(['earlier_month_open', 'later_month_closed']).toContain(
                  (error as { code: string }).code,
                );
              });
          if (each.kind === 'call') {
            const at = monthStartMs(MONTHS[each.month] ?? '') + 1000;
            const status = each.presumed ? 'presumed' : 'completed';
            const event = usageEventOf(at, { tenantId, status, agentId: each.agent, costNanoUsd: each.cost });
            await ledger.append([event]);
            if (each.presumed) presumed.push(event);
            return undefined;
          }
          const found = presumed[each.pick % presumed.length];
          if (!found) return undefined;
          if (each.kind === 'replace')
            return ledger.append([{ ...found, status: 'aborted', costNanoUsd: each.cost }]);
          const draft = {
            requestId: found.requestId,
            status: 'failed' as const,
            costNanoUsd: each.cost,
            reason: 'proof',
            actor,
          };
          return corrections.correct(draft).catch((error: unknown) => {
            expect(['not_presumed', 'already_corrected']).toContain((error as { code: string }).code);
          });
        };
        // Two at a time, so that closings race with what changes the ledger.
        for (let i = 0; i < steps.length; i += 2) await Promise.all(steps.slice(i, i + 2).map(play));
        const closed = await invoices.listClosed(tenantId);
        const lastClosed = closed.at(-1)?.month ?? '';
        const drafts = await Promise.all(
          MONTHS.slice(0, 3)
            .filter((month) => month > lastClosed)
            .map((month) => invoices.getInvoice({ tenantId, month })),
        );
        const withUsage = drafts.filter(({ lines }) => lines.some(({ kind }) => kind === 'usage'));
        const last =
          withUsage.length > 0 ? withUsage : [await invoices.getInvoice({ tenantId, month: '2027-01' })];
        const { rows } = await database.owner.query<{ sum: string }>(
          'SELECT coalesce(sum(cost_nano_usd), 0) AS sum FROM usage_events WHERE tenant_id = $1',
          [tenantId],
        );
        const billed = [...closed, ...last].reduce((sum, { totalNanoUsd }) => sum + totalNanoUsd, 0);
        expect(billed).toBe(Number(rows[0]?.sum));
      }),
      { numRuns: 60 },
    );
  });
});
