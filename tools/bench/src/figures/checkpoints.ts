import { Lineup } from '../peers/lineup.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { Series } from '../report/series.js';
import { percentile } from '../report/statistic.js';
import { micros, millis, orDash, perSecond } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { cpuRounds, warmUp } from './cpu-cost.js';
import { peerRows } from './peer-rows.js';

const MICROS_PER_SECOND = 1e6;
/** Of the 2,000 PUT and 2,000 GET a second that one core must do. */
const HALF_LOAD_PER_SECOND = 2000;
const HALF_LOAD_SECONDS = 10;
const CONNECTIONS = 64;
const ROUNDS = 3;

/** S6: a checkpoint of 1 KB saved and read over HTTP, in Postgres with row-level security. */
export async function measureCheckpoints(context: BenchContext): Promise<Section> {
  const lineup = await Lineup.start(context, [tollgate()]);
  // No new run is made in what is measured: the quotas stand, and updates stay on their pages.
  await warmUp(context, lineup, 'checkpoint');
  const cpu = await cpuRounds(context, lineup, 'checkpoint');
  const p99 = new Series();
  for (let round = 1; round <= ROUNDS; round += 1) {
    await lineup.each(
      `${HALF_LOAD_PER_SECOND} a second, round ${round} of ${ROUNDS}`,
      async ({ name, target }) => {
        const requests = HALF_LOAD_PER_SECOND * HALF_LOAD_SECONDS;
        const job = {
          target,
          kind: 'checkpoint',
          connections: CONNECTIONS,
          perSecond: HALF_LOAD_PER_SECOND,
        } as const;
        const { totalMs } = await context.generator.loadWhole({ ...job, requests });
        p99.add(name, percentile(totalMs, 0.99));
      },
    );
  }
  await lineup.stop();
  const isMeasured = !lineup.failures.has('Tollgate');
  const pairMicros = cpu.median('Tollgate');
  const pairsPerSecond = (micros: number | undefined): number | undefined =>
    micros === undefined ? undefined : MICROS_PER_SECOND / (2 * micros);
  const [rate, p99Ms] = isMeasured ? [pairsPerSecond(pairMicros), p99.median('Tollgate')] : [];
  return {
    id: 'S6',
    title: 'checkpoint of 1 KB, PUT and GET in turn, 64 connections',
    columns: ['CPU of PUT + GET', 'of each a second and core', 'p99 at half load'],
    rows: peerRows(lineup, (name) => [
      orDash(micros, (cpu.median(name) ?? Number.NaN) * 2),
      orDash(perSecond, pairsPerSecond(cpu.median(name))),
      orDash(millis, p99.median(name)),
    ]),
    checks: [
      judge({
        level: 'must',
        claim: '≥ 2,000 of each a second and core',
        measured: rate === undefined ? undefined : -rate,
        max: -2000,
        format: (value) => perSecond(-value),
      }),
      judge({
        level: 'aim',
        claim: 'p99 < 5 ms at half load',
        measured: p99Ms,
        max: 5,
        isStrict: true,
        format: millis,
      }),
    ],
    notes: [
      "the core is the gateway's; Postgres, which flushes its commits, and the load generator share the others",
    ],
    values: { cpuMicrosPerRequest: cpu.toObject(), p99Ms: p99.toObject() },
  };
}
