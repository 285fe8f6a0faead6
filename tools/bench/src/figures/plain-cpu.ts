import { enforcingFloor } from '../peers/bare-floor.js';
import { Lineup } from '../peers/lineup.js';
import { nginx } from '../peers/nginx.js';
import { portkey } from '../peers/portkey.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { micros, orDash, times } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { cpuRounds, warmUp } from './cpu-cost.js';
import { peerRows } from './peer-rows.js';

/** S1: CPU per plain request at 64 connections. */
export async function measurePlainCpu(context: BenchContext): Promise<Section> {
  await context.mock.behave({});
  const lineup = await Lineup.start(context, [nginx('plain'), enforcingFloor, portkey, tollgate()]);
  await warmUp(context, lineup, 'plain');
  const cpu = await cpuRounds(context, lineup, 'plain');
  await lineup.stop();
  const ratio = (base: string): number | undefined =>
    lineup.failures.has('Tollgate') || lineup.failures.has(base) ? undefined : cpu.ratio('Tollgate', base);
  return {
    id: 'S1',
    title: 'plain call, 64 connections: CPU per request',
    columns: ['CPU', 'to floor', 'to Portkey'],
    rows: peerRows(lineup, (name) => [
      orDash(micros, cpu.median(name)),
      orDash(times, cpu.ratio(name, 'floor')),
      orDash(times, cpu.ratio(name, 'Portkey')),
    ]),
    checks: [
      judge({
        level: 'must',
        claim: '≤ 0.30 × Portkey',
        measured: ratio('Portkey'),
        max: 0.3,
        format: times,
      }),
      judge({ level: 'aim', claim: '≤ 1.15 × floor', measured: ratio('floor'), max: 1.15, format: times }),
    ],
    notes: [],
    values: { cpuMicrosPerRequest: cpu.toObject() },
  };
}
