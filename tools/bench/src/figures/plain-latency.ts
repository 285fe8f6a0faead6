import { enforcingFloor } from '../peers/bare-floor.js';
import { direct } from '../peers/direct.js';
import { Lineup } from '../peers/lineup.js';
import { nginx } from '../peers/nginx.js';
import { portkey } from '../peers/portkey.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Check, Section } from '../report/section.js';
import { millis, orDash } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { warmUp } from './cpu-cost.js';
import { addedLatency, latencyRounds, type Latency } from './latency.js';
import { peerRows } from './peer-rows.js';

/** S2: latency that is added to a plain call at one connection. */
export async function measurePlainLatency(context: BenchContext): Promise<Section> {
  await context.mock.behave({});
  const lineup = await Lineup.start(context, [direct, nginx('plain'), enforcingFloor, portkey, tollgate()]);
  await warmUp(context, lineup, 'plain');
  const latencies = await latencyRounds(context, lineup, 'plain', 'totalMs');
  await lineup.stop();
  const added = (name: string): Latency | undefined =>
    lineup.failures.has(name) ? undefined : addedLatency(latencies, name);
  const [own, theirs] = [added('Tollgate'), added('Portkey')];
  return {
    id: 'S2',
    title: 'plain call, 1 connection: latency',
    columns: ['p50', 'p99', 'added p50', 'added p99'],
    rows: peerRows(lineup, (name) => [
      orDash(millis, latencies.get(name)?.p50Ms),
      orDash(millis, latencies.get(name)?.p99Ms),
      ...(name === 'direct'
        ? ['-', '-']
        : [orDash(millis, added(name)?.p50Ms), orDash(millis, added(name)?.p99Ms)]),
    ]),
    checks: [
      below('must', 'added p50 below Portkey', own?.p50Ms, theirs?.p50Ms),
      below('must', 'added p99 below Portkey', own?.p99Ms, theirs?.p99Ms),
      below('aim', 'added p50 below half of Portkey', own?.p50Ms, theirs && theirs.p50Ms / 2),
      below('aim', 'added p99 below half of Portkey', own?.p99Ms, theirs && theirs.p99Ms / 2),
    ],
    notes: [],
    values: { latencies: Object.fromEntries(latencies) },
  };
}

function below(
  level: Check['level'],
  claim: string,
  measured: number | undefined,
  max: number | undefined,
): Check {
  return judge({ level, claim, measured, max, isStrict: true, format: millis });
}
