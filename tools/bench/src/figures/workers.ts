import { Lineup } from '../peers/lineup.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { micros, orDash, times } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { proveBudget } from './budget-proof.js';
import { cpuRounds, warmUp } from './cpu-cost.js';
import { peerRows } from './peer-rows.js';

const ONE = '1 worker';
const TWO = '2 workers';

/** S5: what a second worker costs per request, and whether the budget stays exact with two. */
export async function measureWorkers(context: BenchContext): Promise<Section> {
  await context.mock.behave({});
  const lineup = await Lineup.start(context, [
    tollgate({ name: ONE, workers: 1 }),
    tollgate({ name: TWO, workers: 2 }),
  ]);
  await warmUp(context, lineup, 'plain', 2);
  const cpu = await cpuRounds(context, lineup, 'plain');
  await lineup.stop();
  const measured = lineup.failures.size > 0 ? undefined : cpu.ratio(TWO, ONE);
  const proof = await proveBudget(context);
  return {
    id: 'S5',
    title: 'two workers: CPU per request, exact budget',
    columns: ['CPU', 'to 1 worker'],
    rows: peerRows(lineup, (name) => [orDash(micros, cpu.median(name)), orDash(times, cpu.ratio(name, ONE))]),
    checks: [
      judge({ level: 'must', claim: 'CPU ≤ 1.10 × 1 worker', measured, max: 1.1, format: times }),
      ...proof.checks,
    ],
    notes: proof.notes,
    values: { cpuMicrosPerRequest: cpu.toObject(), budget: proof.values },
  };
}
