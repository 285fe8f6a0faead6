import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_NANO_USD } from '@tollgate/domain';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import type { IncreaseDraft } from './budget-increase.js';
import { BudgetIncreases } from './budget-increases.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;

describe('BudgetIncreases', () => {
  let database: BillingDatabase;
  let increases: BudgetIncreases;

  beforeAll(async () => {
    database = await openBillingDatabase(NOW);
    increases = new BudgetIncreases({ pool: database.admin, clock: { now: () => NOW } });
  });
  afterAll(() => database.close());

  const tenant = async (id: string): Promise<string> => {
    await database.owner.query('INSERT INTO tenants (id) VALUES ($1)', [id]);
    return id;
  };
  const draft = (tenantId: string, more: Partial<IncreaseDraft> = {}): IncreaseDraft => ({
    tenantId,
    amountNanoUsd: 10,
    endsAtMs: NOW + HOUR_MS,
    reason: 'launch week',
    actor: 'ada',
    ...more,
  });
  const at = (tenantId: string, atMs: number, scope?: string): Promise<number | undefined> =>
    increases.readEffective({ tenantId, atMs, scope, budgetNanoUsd: 100 });

  it('hold from their start until just before their end, in their own scope, and add up', async () => {
    const tenantId = await tenant('a');
    await increases.grant(draft(tenantId));
    await increases.grant(draft(tenantId, { amountNanoUsd: 5, startsAtMs: NOW + 10, endsAtMs: NOW + 20 }));
    await increases.grant(draft(tenantId, { amountNanoUsd: 7, scope: 'a:planner' }));
    expect(await at(tenantId, NOW - 1)).toBe(100);
    expect(await at(tenantId, NOW)).toBe(110);
    expect(await at(tenantId, NOW + 10)).toBe(115);
    expect(await at(tenantId, NOW + 19)).toBe(115);
    expect(await at(tenantId, NOW + 20)).toBe(110);
    expect(await at(tenantId, NOW + HOUR_MS)).toBe(100);
    expect(await at(tenantId, NOW, 'a:planner')).toBe(107);
    expect(await at(tenantId, NOW, 'k:any')).toBe(100);
    expect(await increases.readEffective({ tenantId, atMs: NOW })).toBeUndefined();
  });

  it('can be taken back, once', async () => {
    const tenantId = await tenant('b');
    const granted = await increases.grant(draft(tenantId));
    expect(granted).toMatchObject({
      scope: 't',
      startsAtMs: NOW,
      createdAtMs: NOW,
      cancelledAtMs: undefined,
    });
    expect(await increases.cancel(granted.id)).toEqual({ ...granted, cancelledAtMs: NOW });
    expect(await at(tenantId, NOW)).toBe(100);
    const later = new BudgetIncreases({ pool: database.admin, clock: { now: () => NOW + 1 } });
    expect(await later.cancel(granted.id)).toMatchObject({ cancelledAtMs: NOW });
    await expect(increases.cancel('01234567-89ab-7def-8123-456789abcdef')).rejects.toMatchObject({
      code: 'increase_not_found',
    });
  });

  it('are listed by pages', async () => {
    const tenantId = await tenant('c');
    for (let i = 1; i <= 5; i += 1) await increases.grant(draft(tenantId, { amountNanoUsd: i }));
    const first = await increases.list({ tenantId, limit: 3 });
    const second = await increases.list({ tenantId, limit: 3, after: first.nextAfter });
    expect([...first.items, ...second.items].map(({ amountNanoUsd }) => amountNanoUsd).sort()).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(second.nextAfter).toBeUndefined();
  });

  it('are refused when they make no sense', async () => {
    const tenantId = await tenant('d');
    const wrong: [Partial<IncreaseDraft>, string][] = [
      [{ amountNanoUsd: 0 }, 'amountNanoUsd'],
      [{ amountNanoUsd: MAX_NANO_USD + 1 }, 'amountNanoUsd'],
      [{ endsAtMs: NOW }, 'endsAtMs'],
      [{ startsAtMs: NOW + 2 * HOUR_MS }, 'endsAtMs'],
      [{ scope: 'r:run' }, 'scope'],
      [{ reason: '' }, 'reason'],
    ];
    for (const [more, param] of wrong)
      await expect(increases.grant(draft(tenantId, more))).rejects.toMatchObject({
        code: 'invalid_input',
        param,
      });
    await expect(increases.grant(draft('nobody'))).rejects.toMatchObject({ code: 'tenant_not_found' });
  });

  it('never make a budget negative, smaller, or larger than an amount can be', async () => {
    let round = 0;
    const amount = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: MAX_NANO_USD }));
    const part = fc.record({
      amount,
      from: fc.integer({ min: -50, max: 50 }),
      length: fc.integer({ min: 1, max: 60 }),
      isCancelled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 4 }),
        fc.oneof(fc.nat(), fc.maxSafeNat()),
        fc.integer({ min: -60, max: 120 }),
        async (parts, budgetNanoUsd, offset) => {
          const tenantId = await tenant(`p${(round += 1)}`);
          let expected = BigInt(budgetNanoUsd);
          for (const { amount: amountNanoUsd, from, length, isCancelled } of parts) {
            const clock = { now: () => NOW - 100 };
            const own = new BudgetIncreases({ pool: database.admin, clock });
            const granted = await own.grant(
              draft(tenantId, { amountNanoUsd, startsAtMs: NOW + from, endsAtMs: NOW + from + length }),
            );
            if (isCancelled) await own.cancel(granted.id);
            else if (from <= offset && offset < from + length) expected += BigInt(amountNanoUsd);
          }
          const effective = await increases.readEffective({ tenantId, atMs: NOW + offset, budgetNanoUsd });
          const most = BigInt(MAX_NANO_USD);
          expect(BigInt(effective ?? -1)).toBe(expected > most ? most : expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
