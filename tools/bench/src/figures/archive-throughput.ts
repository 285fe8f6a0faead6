import { ArchiveSite } from '../archive/archive-site.js';
import { ARCHIVED_PREFIX } from '../load/checkpoint-request.js';
import { startTollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { Series } from '../report/series.js';
import { percentile } from '../report/statistic.js';
import { micros, millis, orDash, perSecond } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { FULL_REQUESTS } from '../run/bench-options.js';

const ROUNDS = 3;
const FULL_CHECKPOINTS = 50_000;
const QUICK_CHECKPOINTS = 10_000;
const MICROS_PER_SECOND = 1e6;
const READS = 2000;
const READ_CONNECTIONS = 8;

/** S7: checkpoints of 1 KB packed, uploaded, read back, proved and evicted. */
export async function measureArchiveThroughput(context: BenchContext): Promise<Section> {
  const count = context.options.requests >= FULL_REQUESTS ? FULL_CHECKPOINTS : QUICK_CHECKPOINTS;
  const { cpu, wall, operations, readMs } = await archiveInRounds(context, count);
  const each = cpu.median('offloader');
  const rate = each === undefined ? undefined : MICROS_PER_SECOND / each;
  const atLeast = (level: 'must' | 'aim', min: number): ReturnType<typeof judge> =>
    judge({
      level,
      claim: `≥ ${min} a second and core`,
      measured: rate === undefined ? undefined : -rate,
      max: -min,
      format: (value) => perSecond(-value),
    });
  return {
    id: 'S7',
    title: `archive of ${count} checkpoints of 1 KB against a local S3`,
    columns: ['CPU each', 'a second and core', 'a second by the clock', 'operations per 1,000'],
    rows: [
      {
        name: 'offloader',
        cells: [
          orDash(micros, each),
          orDash(perSecond, rate),
          orDash(perSecond, wall.median('offloader')),
          operations.toFixed(2),
        ],
      },
    ],
    checks: [
      atLeast('must', 8000),
      judge({
        level: 'must',
        claim: '≤ 3 object operations per 1,000',
        measured: operations,
        max: 3,
        format: (value) => value.toFixed(2),
      }),
      atLeast('aim', 12_000),
    ],
    notes: [
      `${READS} evicted ones read through the gateway, each for the first time, ${READ_CONNECTIONS} at once: p50 ${millis(percentile(readMs, 0.5))}, p99 ${millis(percentile(readMs, 0.99))}`,
      'what a start costs, CPU and operations, is taken off; operations count the look before the eviction too',
    ],
    values: {
      cpuMicros: cpu.toObject(),
      perSecond: wall.toObject(),
      operations,
      readP99Ms: percentile(readMs, 0.99),
    },
  };
}

interface Rounds {
  readonly cpu: Series;
  readonly wall: Series;
  /** Of the last round, per 1,000 checkpoints. */
  readonly operations: number;
  /** How long each evicted checkpoint took to be read. */
  readonly readMs: readonly number[];
}

async function archiveInRounds(context: BenchContext, count: number): Promise<Rounds> {
  const site = await ArchiveSite.open(context);
  const cpu = new Series();
  const wall = new Series();
  let operations = Number.NaN;
  try {
    await site.run('run'); // writes the bucket's marker
    const started = await site.operations();
    const idle = await site.run('run'); // what a start costs
    await site.run('evict');
    const idleOperations = (await site.operations()) - started;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await site.seed(count, `round-${round}-`);
      const before = await site.operations();
      const run = await site.run('run');
      await site.run('evict');
      operations = ((await site.operations()) - before - idleOperations) / (count / 1000);
      if ((await site.count()).archived !== round * count) throw new Error('not everything was archived');
      cpu.add('offloader', (run.cpuMicros - idle.cpuMicros) / count);
      wall.add('offloader', count / (run.seconds - idle.seconds));
    }
    return { cpu, wall, operations, readMs: await readEvicted(context, site) };
  } finally {
    await site.close();
  }
}

async function readEvicted(context: BenchContext, archive: ArchiveSite): Promise<readonly number[]> {
  await archive.seed(READS, ARCHIVED_PREFIX);
  await archive.run('run');
  await archive.run('evict');
  const { archived, evicted } = await archive.count();
  if (evicted !== archived) throw new Error('not everything was evicted');
  const gateway = await startTollgate(context, { archive });
  const { target } = gateway;
  const job = { target, kind: 'archived', requests: READS, connections: READ_CONNECTIONS } as const;
  const { totalMs } = await context.generator.loadWhole(job);
  await gateway.stop();
  return totalMs;
}
