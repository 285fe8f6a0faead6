import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const DEADLINE_MS = 45_000;

/** Asks again and again until the answer is the wanted one; fails with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (let answer = await ask(); answer !== wanted; answer = await ask()) {
    if (Date.now() > deadline) throw new Error(`still ${String(answer)}`);
    await sleep(POLL_MS);
  }
}
