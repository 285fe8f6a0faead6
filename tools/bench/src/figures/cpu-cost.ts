import { setTimeout as delay } from 'node:timers/promises';
import type { LoadJob } from '../load/load-job.js';
import type { Lineup, NamedPeer } from '../peers/lineup.js';
import { Series } from '../report/series.js';
import type { BenchContext } from '../run/bench-context.js';
import { cpuMicrosOfTree } from '../run/process-tree.js';

const CONNECTIONS = 64;
/** Work that is done behind the answers, such as writing the ledger, belongs to the requests that caused it. */
const AFTERWORK_MS = 300;

/** Rounds of a CPU figure. */
export const CPU_ROUNDS = 10;

/**
 * Warms every peer up, which also shows whether it works at all.
 *
 * @param processes into how many processes a peer spreads its requests, each of which must get warm
 */
export async function warmUp(
  { options, generator }: BenchContext,
  lineup: Lineup,
  kind: LoadJob['kind'],
  processes = 1,
): Promise<void> {
  const requests = options.warmUpRequests * processes;
  await lineup.each(`warm-up, ${requests} requests`, async ({ target }) => {
    await generator.loadWhole({ target, kind, requests: 1, connections: 1 });
    await generator.loadWhole({ target, kind, requests, connections: CONNECTIONS });
  });
}

/** CPU time of each peer's process tree per request, in µs, in rounds that go from peer to peer. */
export async function cpuRounds(
  context: BenchContext,
  lineup: Lineup,
  kind: LoadJob['kind'],
): Promise<Series> {
  const series = new Series();
  const requests = Math.ceil(context.options.requests / CPU_ROUNDS);
  for (let round = 1; round <= CPU_ROUNDS; round += 1) {
    await lineup.each(`round ${round} of ${CPU_ROUNDS}, ${requests} requests`, async (peer) => {
      series.add(peer.name, await cpuMicrosPerRequest(context, peer, kind, requests));
    });
  }
  return series;
}

async function cpuMicrosPerRequest(
  { generator }: BenchContext,
  { target, pid }: NamedPeer,
  kind: LoadJob['kind'],
  requests: number,
): Promise<number> {
  if (pid === undefined) return 0;
  const before = cpuMicrosOfTree(pid);
  const { completed } = await generator.loadWhole({ target, kind, requests, connections: CONNECTIONS });
  await delay(AFTERWORK_MS);
  return (cpuMicrosOfTree(pid) - before) / completed;
}
