import { ArchiveSite } from '../archive/archive-site.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { mib, perSecond, times } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { FULL_REQUESTS } from '../run/bench-options.js';

const FULL_CHECKPOINTS = 1_000_000;
const QUICK_CHECKPOINTS = 50_000;
/** The small archive that the large one is compared with. */
const SHARE = 10;

/** S8: whether the archive of ten times as many checkpoints takes ten times as long, and no more memory. */
export async function measureArchiveScale(context: BenchContext): Promise<Section> {
  const count = context.options.requests >= FULL_REQUESTS ? FULL_CHECKPOINTS : QUICK_CHECKPOINTS;
  const site = await ArchiveSite.open(context);
  try {
    const idle = await site.run('run');
    const rows = [];
    const rates: number[] = [];
    let peakMib = 0;
    for (const checkpoints of [count / SHARE, count]) {
      await site.seed(checkpoints, `of-${checkpoints}-`);
      const cost = await site.run('run');
      const rate = checkpoints / (cost.seconds - idle.seconds);
      rates.push(rate);
      peakMib = Math.max(peakMib, cost.peakMib);
      rows.push({ name: `${checkpoints}`, cells: [perSecond(rate), mib(cost.peakMib)] });
    }
    const [small = Number.NaN, large = Number.NaN] = rates;
    return {
      id: 'S8',
      title: `archive of ${count} checkpoints`,
      columns: ['a second by the clock', 'most memory'],
      rows,
      checks: [
        judge({ level: 'must', claim: 'memory ≤ 300 MiB', measured: peakMib, max: 300, format: mib }),
        judge({
          level: 'must',
          claim: `time per checkpoint ≤ 1.25 × that of ${count / SHARE}`,
          measured: small / large,
          max: 1.25,
          format: times,
        }),
      ],
      notes: [],
      values: { perSecond: rates, peakMib },
    };
  } finally {
    await site.close();
  }
}
