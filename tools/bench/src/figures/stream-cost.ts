import { streamingFloor } from '../peers/bare-floor.js';
import { direct } from '../peers/direct.js';
import { Lineup } from '../peers/lineup.js';
import { nginx } from '../peers/nginx.js';
import { portkey } from '../peers/portkey.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { micros, millis, orDash, times } from '../report/unit-format.js';
import { CONTENT_CHUNKS } from '../load/answer-check.js';
import type { BenchContext } from '../run/bench-context.js';
import { cpuRounds, warmUp } from './cpu-cost.js';
import { addedLatency, latencyRounds } from './latency.js';
import { peerRows } from './peer-rows.js';

/**
 * About the size of one event of the mock. It flushes each piece of that size before the next one, without a pause:
 * whole answers written at once would reach a gateway as one read, which no model provider's stream does.
 */
const EVENT_BYTES = 280;

/** S3: CPU per stream at 64 connections, and the time to the first token that is added at one connection. */
export async function measureStreamCost(context: BenchContext): Promise<Section> {
  await context.mock.behave({ splitBytes: EVENT_BYTES });
  const lineup = await Lineup.start(context, [direct, nginx('stream'), streamingFloor, portkey, tollgate()]);
  await warmUp(context, lineup, 'stream');
  const cpu = await cpuRounds(context, lineup, 'stream');
  const firstBytes = await latencyRounds(context, lineup, 'stream', 'firstByteMs');
  await lineup.stop();
  const isComparable = !lineup.failures.has('Tollgate') && !lineup.failures.has('floor');
  const ratio = isComparable ? cpu.ratio('Tollgate', 'floor') : undefined;
  const addedP99Ms = lineup.failures.has('Tollgate')
    ? undefined
    : addedLatency(firstBytes, 'Tollgate')?.p99Ms;
  return {
    id: 'S3',
    title: `stream of ${CONTENT_CHUNKS} chunks: CPU per stream, time to first token`,
    columns: ['CPU', 'to floor', 'first p50', 'first p99', 'added p50', 'added p99'],
    rows: peerRows(lineup, (name) => {
      const own = firstBytes.get(name);
      const added = name === 'direct' ? undefined : addedLatency(firstBytes, name);
      return [
        name === 'direct' ? '-' : orDash(micros, cpu.median(name)),
        name === 'direct' ? '-' : orDash(times, cpu.ratio(name, 'floor')),
        ...[own?.p50Ms, own?.p99Ms, added?.p50Ms, added?.p99Ms].map((value) => orDash(millis, value)),
      ];
    }),
    checks: [
      judge({ level: 'must', claim: 'CPU ≤ 1.5 × floor', measured: ratio, max: 1.5, format: times }),
      judge({
        level: 'aim',
        claim: 'CPU below the floor',
        measured: ratio,
        max: 1,
        isStrict: true,
        format: times,
      }),
      judge({
        level: 'aim',
        claim: 'added first token p99 < 1 ms',
        measured: addedP99Ms,
        max: 1,
        isStrict: true,
        format: millis,
      }),
    ],
    notes: [],
    values: { cpuMicrosPerStream: cpu.toObject(), firstBytes: Object.fromEntries(firstBytes) },
  };
}
