import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refusal, type ProviderLimit, type ProviderLimits, type ProviderPermit } from './provider-limits.js';

const MINUTE_MS = 60_000;
const NONE = refusal(0, undefined);

/** Limits in one or several replicas, and a hand on the time that they go by. */
export interface ProviderLimitsFixture {
  /** Fresh limits; every replica shares them. */
  open(limits: readonly ProviderLimit[]): Promise<readonly ProviderLimits[]>;
  /** The time that replicas and store see (ms). */
  now(): number;
  /** Lets this much more time go by for all of them. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const limitOf = (requestsPerMinute: number | undefined): ProviderLimit[] => [
  { modelProvider: 'openai', requestsPerMinute },
];

/** Takes so many permits at once, each from the next replica. */
async function takeMany(replicas: readonly ProviderLimits[], count: number): Promise<ProviderPermit[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      Promise.resolve(replicas[index % replicas.length]?.take('openai') ?? NONE),
    ),
  );
}

const grantsIn = (permits: readonly ProviderPermit[]): number =>
  permits.filter(({ granted }) => granted).length;

/** The behaviour that all limits of model providers share. */
export function describeProviderLimits(name: string, create: () => Promise<ProviderLimitsFixture>): void {
  describe(`${name} keeps the limits of model providers`, () => {
    let fixture: ProviderLimitsFixture;
    beforeEach(async () => {
      fixture = await create();
    });
    afterEach(() => fixture.close());

    it('lets a minute of calls pass at once, refuses the next, and says when to come back', async () => {
      const replicas = await fixture.open(limitOf(60));
      expect(grantsIn(await takeMany(replicas, 60))).toBe(60);
      const [refused] = await takeMany(replicas, 1);
      expect(refused).toEqual({ granted: false, limit: 60, used: 60, retryAfterMs: expect.any(Number) });
      const retryAfterMs = refused?.granted === false ? (refused.retryAfterMs ?? 0) : 0;
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(1000);
      await fixture.pass(retryAfterMs);
      expect(grantsIn(await takeMany(replicas, 1))).toBe(1);
      expect(grantsIn(await takeMany(replicas, 1))).toBe(0);
    });

    it('lets every call pass without a limit, and answers at once', async () => {
      const [limits] = await fixture.open(limitOf(undefined));
      for (let call = 0; call < 100; call += 1) expect(limits?.take('openai')).toEqual({ granted: true });
      expect(limits?.take('unheard-of')).toEqual({ granted: true });
    });

    it('lets nothing pass with a limit of 0, ever', async () => {
      const [limits] = await fixture.open(limitOf(0));
      expect(limits?.take('openai')).toEqual({ granted: false, limit: 0, used: 0, retryAfterMs: undefined });
    });

    it('keeps model providers apart', async () => {
      const [limits] = await fixture.open([
        { modelProvider: 'openai', requestsPerMinute: 1 },
        { modelProvider: 'anthropic', requestsPerMinute: 1 },
      ]);
      expect(await limits?.take('openai')).toEqual({ granted: true });
      expect(await limits?.take('openai')).toMatchObject({ granted: false, limit: 1 });
      expect(await limits?.take('anthropic')).toEqual({ granted: true });
    });

    it('never grants 2 × limit calls within less than a minute, in any interleaving of replicas', async () => {
      const step = fc.record({
        passMs: fc.oneof(
          fc.constant(0),
          fc.integer({ min: 0, max: 3000 }),
          fc.integer({ min: 0, max: 70_000 }),
        ),
        share: fc.double({ min: 0.1, max: 1.2, noNaN: true }),
        atOnce: fc.constantFrom(1, 7, 1000),
      });
      const runs = fc.tuple(
        fc.constantFrom(1, 3, 10, 60, 1300),
        fc.array(step, { minLength: 3, maxLength: 8 }),
      );
      await fc.assert(
        fc.asyncProperty(runs, async ([limit, steps]) => {
          const replicas = await fixture.open(limitOf(limit));
          const grants: { readonly afterMs: number; readonly beforeMs: number }[] = [];
          for (const { passMs, share, atOnce } of steps) {
            await fixture.pass(passMs);
            for (let left = Math.ceil(limit * share); left > 0; left -= atOnce) {
              const afterMs = fixture.now();
              const granted = grantsIn(await takeMany(replicas, Math.min(left, atOnce)));
              const beforeMs = fixture.now();
              for (let grant = 0; grant < granted; grant += 1) grants.push({ afterMs, beforeMs });
              if (granted === 0) break;
            }
          }
          grants.forEach(({ afterMs }, index) => {
            const last = grants[index + 2 * limit - 1];
            if (last) expect(last.beforeMs - afterMs).toBeGreaterThanOrEqual(MINUTE_MS);
          });
        }),
        { numRuns: 25, endOnFailure: true },
      );
    }, 60_000);

    /** Ten seconds of calls at a multiple of the limit's pace, one after another, each from some replica. */
    async function callSteadily(
      replicas: readonly ProviderLimits[],
      limit: number,
      pace: number,
    ): Promise<{ granted: number; calls: number; usable: number }> {
      const startMs = fixture.now();
      let [granted, calls, order] = [0, 0, 1];
      while (fixture.now() - startMs < 10_000) {
        await fixture.pass(MINUTE_MS / limit / pace);
        order = (order * 48_271) % 2_147_483_647; // Lehmer's generator: the same scattered order in every run.
        calls += 1;
        granted += grantsIn([(await replicas[order % replicas.length]?.take('openai')) ?? NONE]);
      }
      return { granted, calls, usable: ((fixture.now() - startMs) / MINUTE_MS) * limit };
    }

    it.each([600, 6000])(
      'lets nine tenths of %i a minute be used by steady demand',
      async (limit) => {
        const replicas = await fixture.open(limitOf(limit));
        await takeMany(replicas, limit); // The burst is gone.
        const { granted, usable } = await callSteadily(replicas, limit, 1.25);
        expect(granted).toBeGreaterThanOrEqual(0.9 * usable);
        expect(granted).toBeLessThanOrEqual(1.1 * usable + 1);
      },
      30_000,
    );

    it('refuses nobody while half of the limit is asked for', async () => {
      const replicas = await fixture.open(limitOf(6000));
      await takeMany(replicas, 6000);
      await fixture.pass(1000);
      const { granted, calls } = await callSteadily(replicas, 6000, 0.5);
      expect(granted).toBe(calls);
    }, 30_000);
  });
}
