import type { LoadJob } from '../load/load-job.js';
import type { Lineup } from '../peers/lineup.js';
import { percentile } from '../report/statistic.js';
import type { BenchContext } from '../run/bench-context.js';

const LATENCY_ROUNDS = 5;
const UNCOUNTED_REQUESTS = 50;

/** Latencies of one peer at one connection, in ms. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Latencies of each peer at one connection, in rounds that go from peer to peer, all rounds taken together.
 *
 * @param of the whole answer, or the first byte of its body
 */
export async function latencyRounds(
  context: BenchContext,
  lineup: Lineup,
  kind: LoadJob['kind'],
  of: 'totalMs' | 'firstByteMs',
): Promise<ReadonlyMap<string, Latency>> {
  const requests = Math.ceil(context.options.latencyRequests / LATENCY_ROUNDS);
  const samples = new Map<string, number[]>();
  for (let round = 1; round <= LATENCY_ROUNDS; round += 1) {
    await lineup.each(`latency round ${round} of ${LATENCY_ROUNDS}, ${requests} requests`, async (peer) => {
      const job = { target: peer.target, kind, connections: 1 };
      const result = await context.generator.loadWhole({ ...job, requests: requests + UNCOUNTED_REQUESTS });
      const earlier = samples.get(peer.name) ?? [];
      samples.set(peer.name, [...earlier, ...result[of].slice(UNCOUNTED_REQUESTS)]);
    });
  }
  return new Map(
    [...samples].map(([name, values]) => [
      name,
      { p50Ms: percentile(values, 0.5), p99Ms: percentile(values, 0.99) },
    ]),
  );
}

/** What a peer adds to the direct call. */
export function addedLatency(latencies: ReadonlyMap<string, Latency>, name: string): Latency | undefined {
  const [own, direct] = [latencies.get(name), latencies.get('direct')];
  if (own === undefined || direct === undefined) return undefined;
  return { p50Ms: own.p50Ms - direct.p50Ms, p99Ms: own.p99Ms - direct.p99Ms };
}
