import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_TOKENS, textUsage } from '@tollgate/domain';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import type { UsageEvent } from '../../ledger/usage-event.js';
import { RollupVerifier } from '../rollups/rollup-verifier.js';
import { UsageRoller } from '../rollups/usage-roller.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import type { CorrectionDraft } from './correction.js';
import { Corrections } from './corrections.js';

const NOON = Date.UTC(2026, 10, 23, 12);

describe('Corrections', () => {
  let database: BillingDatabase;
  let ledger: PostgresLedger;
  let corrections: Corrections;

  beforeAll(async () => {
    database = await openBillingDatabase(NOON);
    ledger = new PostgresLedger(database.gateway);
    corrections = new Corrections({ pool: database.admin, clock: { now: () => NOON } });
  });
  afterAll(() => database.close());

  const presume = async (tenantId: string): Promise<UsageEvent> => {
    const event = usageEventOf(NOON, {
      tenantId,
      runId: 'r1',
      status: 'presumed',
      costNanoUsd: 9000,
      usageSource: 'none',
      ...NO_TOKENS,
    });
    await ledger.append([event]);
    return event;
  };
  const totals = async (tenantId: string): Promise<number[]> =>
    (
      await ledger.readTotals(tenantId, [
        { scope: 't', window: '2026-11' },
        { scope: 'k:k1', window: '2026-11' },
        { scope: 'a:planner', window: '2026-11' },
        { scope: 'r:r1', window: 'total' },
      ])
    ).map(({ totalNanoUsd }) => totalNanoUsd);
  const draftFor = (event: UsageEvent, more: Partial<CorrectionDraft> = {}): CorrectionDraft => ({
    requestId: event.requestId,
    status: 'completed',
    costNanoUsd: 700,
    tokens: { inputTokens: 12, outputTokens: 3 },
    reason: "line 17 of the model provider's bill",
    actor: 'ada',
    ...more,
  });

  it('change the event and every total it counts in, and are recorded', async () => {
    const event = await presume('a');
    const { correction, isNew } = await corrections.correct(draftFor(event));
    expect(isNew).toBe(true);
    expect(correction).toEqual({
      requestId: event.requestId,
      attempt: 0,
      tenantId: 'a',
      month: '2026-11',
      agentId: 'planner',
      model: 'gpt-4o-mini',
      presumed: { status: 'presumed', costNanoUsd: 9000, ...NO_TOKENS },
      corrected: { status: 'completed', costNanoUsd: 700, ...textUsage(12, 3) },
      differenceNanoUsd: -8300,
      reason: "line 17 of the model provider's bill",
      actor: 'ada',
      correctedAtMs: NOON,
    });
    expect(await ledger.listEvents(event.requestId)).toEqual([
      { ...event, ...textUsage(12, 3), status: 'completed', costNanoUsd: 700, usageSource: 'reported' },
    ]);
    expect(await totals('a')).toEqual([700, 700, 700, 700]);
    expect(await corrections.listCorrections('a', '2026-11')).toEqual([correction]);
    expect(await corrections.listCorrections('a', '2026-12')).toEqual([]);
  });

  it('are made once, however often and from wherever they are asked for', async () => {
    const event = await presume('b');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => corrections.correct(draftFor(event, { tokens: undefined }))),
    );
    expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await totals('b')).toEqual([700, 700, 700, 700]);
    await expect(corrections.correct(draftFor(event, { costNanoUsd: 1 }))).rejects.toMatchObject({
      code: 'already_corrected',
    });
  });

  it('stand when the real event comes after all, and do nothing when it came before', async () => {
    const event = await presume('c');
    await corrections.correct(draftFor(event));
    await ledger.append([{ ...event, status: 'completed', costNanoUsd: 1 }]);
    expect(await totals('c')).toEqual([700, 700, 700, 700]);
    const replaced = await presume('c2');
    await ledger.append([{ ...replaced, status: 'completed', costNanoUsd: 1 }]);
    await expect(corrections.correct(draftFor(replaced))).rejects.toMatchObject({ code: 'not_presumed' });
    expect(await totals('c2')).toEqual([1, 1, 1, 1]);
  });

  it('are refused for events that are not there, and for input that says nothing', async () => {
    const nowhere = usageEventOf(NOON);
    await expect(corrections.correct(draftFor(nowhere))).rejects.toMatchObject({ code: 'event_not_found' });
    const wrong: [Partial<CorrectionDraft>, string][] = [
      [{ costNanoUsd: -1 }, 'costNanoUsd'],
      [{ costNanoUsd: 2 ** 53 }, 'costNanoUsd'],
      [{ reason: '  ' }, 'reason'],
      [{ actor: '' }, 'actor'],
      [{ requestId: '1' }, 'requestId'],
      [{ status: 'presumed' as 'failed' }, 'status'],
      [{ tokens: { inputTokens: 1, outputTokens: 1, outputAudioTokens: 2 } }, 'tokens'],
    ];
    for (const [more, param] of wrong)
      await expect(corrections.correct(draftFor(nowhere, more))).rejects.toMatchObject({
        code: 'invalid_input',
        param,
      });
  });

  it('can be neither changed nor taken away', async () => {
    await corrections.correct(draftFor(await presume('d')));
    for (const sql of [
      "UPDATE usage_corrections SET reason = 'x'",
      'DELETE FROM usage_corrections',
      'TRUNCATE usage_corrections',
    ])
      await expect(database.owner.query(sql)).rejects.toMatchObject({ code: '23001' });
    await expect(database.admin.query("UPDATE usage_events SET tenant_id = 'x'")).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('keep totals, rollups and ledger equal when they race with real events and rollers', async () => {
    const roller = new UsageRoller({ pool: database.admin });
    const racer = fc.record({
      corrected: fc.nat(2000),
      real: fc.nat(2000),
      roll: fc.boolean(),
      isFirst: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(racer, { minLength: 1, maxLength: 4 }), async (racers) => {
        await Promise.all(
          racers.map(async (each) => {
            const event = await presume('e');
            const real = (): Promise<unknown> =>
              ledger.append([{ ...event, status: 'aborted', costNanoUsd: each.real }]);
            const correct = (): Promise<unknown> =>
              corrections
                .correct(draftFor(event, { costNanoUsd: each.corrected }))
                .catch((error: unknown) => {
                  expect(error).toMatchObject({ code: 'not_presumed' });
                });
            await Promise.all([
              ...(each.isFirst ? [real(), correct()] : [correct(), real()]),
              each.roll && roller.run(),
            ]);
          }),
        );
        expect(await new RollupVerifier({ pool: database.admin }).verify('2026-11')).toEqual({
          excess: 0,
          lacking: 0,
          wrongTotals: 0,
        });
      }),
      { numRuns: 15 },
    );
  });
});
