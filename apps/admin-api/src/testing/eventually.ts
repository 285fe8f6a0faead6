import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const DEADLINE_MS = 20_000;

/** Asks again and again until the answer passes, and answers it; after the deadline the last failure is thrown. */
export async function eventually<T>(ask: () => Promise<T>, check: (answer: T) => void): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    try {
      check(answer);
      return answer;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
