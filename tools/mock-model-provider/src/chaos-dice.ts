import type { MockBehaviour } from './mock-behaviour.js';

const DEFAULT_SEED = 1;
const CHAOS_STATUSES = [429, 500, 503] as const;

/** A number source for one seed: mulberry32, a 32-bit generator that is short and good enough for chaos. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Turns the chaos rates of a behaviour into faults, the same ones in the same order for the same seed. */
export class ChaosDice {
  readonly #numbersBySeed = new Map<number, () => number>();

  /** The behaviour with at most one fault added: failing goes before cutting, cutting before stalling. */
  roll(behaviour: MockBehaviour, isStream: boolean, answerTokens: number): MockBehaviour {
    const { failRate = 0, cutRate = 0, stallRate = 0, seed = DEFAULT_SEED } = behaviour;
    if (failRate + cutRate + stallRate === 0) return behaviour;
    let next = this.#numbersBySeed.get(seed);
    if (next === undefined) {
      next = randomNumbers(seed);
      this.#numbersBySeed.set(seed, next);
    }
    // All four are drawn for every call, so that a call's draw does not depend on the fate of earlier ones.
    const [fail, cut, stall, where] = [next(), next(), next(), next()];
    if (fail < failRate) {
      return { ...behaviour, status: CHAOS_STATUSES[Math.floor(where * CHAOS_STATUSES.length)] ?? 500 };
    }
    const afterChunks = Math.floor(where * answerTokens);
    if (cut < cutRate)
      return { ...behaviour, ...(isStream ? { cutAfterChunks: afterChunks } : { cutBeforeBody: true }) };
    if (stall < stallRate)
      return { ...behaviour, ...(isStream ? { stallAfterChunks: afterChunks } : { silent: true }) };
    return behaviour;
  }
}
