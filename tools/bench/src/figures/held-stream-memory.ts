import { setTimeout as delay } from 'node:timers/promises';
import { streamingFloor } from '../peers/bare-floor.js';
import { Lineup, type NamedPeer } from '../peers/lineup.js';
import { tollgate } from '../peers/tollgate.js';
import { judge } from '../report/limit.js';
import type { Section } from '../report/section.js';
import { Series } from '../report/series.js';
import { kib, orDash } from '../report/unit-format.js';
import type { BenchContext } from '../run/bench-context.js';
import { residentKibOfTree } from '../run/process-tree.js';
import { peerRows } from './peer-rows.js';

const STREAMS = 1_000;
const ROUNDS = 3;
const SETTLE_MS = 3_000;
const HANG_UP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** S4: memory of 1,000 streams that are held open, above idle, per stream. */
export async function measureHeldStreamMemory(context: BenchContext): Promise<Section> {
  await context.mock.behave({ stallAfterChunks: 5 });
  const lineup = await Lineup.start(context, [streamingFloor, tollgate()]);
  const first = new Series();
  const warm = new Series();
  await lineup.each(`${STREAMS} streams, first time`, async (peer) => {
    first.add(peer.name, await kibPerStream(context, peer));
  });
  for (let round = 1; round <= ROUNDS; round += 1) {
    await lineup.each(`${STREAMS} streams, round ${round} of ${ROUNDS}`, async (peer) => {
      warm.add(peer.name, await kibPerStream(context, peer));
    });
  }
  await lineup.stop();
  const measured = lineup.failures.has('Tollgate') ? undefined : warm.median('Tollgate');
  return {
    id: 'S4',
    title: `${STREAMS} streams held open: memory above idle, per stream`,
    columns: ['warm', 'first time'],
    rows: peerRows(lineup, (name) => [orDash(kib, warm.median(name)), orDash(kib, first.median(name))]),
    checks: [
      judge({ level: 'must', claim: 'warm ≤ 60 KiB', measured, max: 60, format: kib }),
      judge({ level: 'aim', claim: 'warm ≤ 25 KiB', measured, max: 25, format: kib }),
    ],
    notes: [
      '"first time" also holds what the heap grows by once; "warm" leaves out what was kept from before',
    ],
    values: { warmKibPerStream: warm.toObject(), firstKibPerStream: first.toObject() },
  };
}

async function kibPerStream(context: BenchContext, { target, pid = 0 }: NamedPeer): Promise<number> {
  const { generator } = context;
  await delay(SETTLE_MS);
  const idleKib = residentKibOfTree(pid);
  await generator.hold(target, STREAMS);
  await delay(SETTLE_MS);
  const heldKib = residentKibOfTree(pid);
  await generator.release(STREAMS);
  await untilHungUp(context);
  return (heldKib - idleKib) / STREAMS;
}

/** The next round starts from idle only when the peer, too, has hung up on the mock. */
async function untilHungUp({ mock }: BenchContext): Promise<void> {
  const deadline = Date.now() + HANG_UP_TIMEOUT_MS;
  for (let open = STREAMS; open > 0; open = (await mock.bill()).openCalls) {
    if (Date.now() > deadline)
      throw new Error(`${open} upstream streams were left open by their clients' hang-up`);
    await delay(POLL_MS);
  }
}
