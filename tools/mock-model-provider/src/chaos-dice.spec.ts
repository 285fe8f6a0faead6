import { describe, expect, it } from '@jest/globals';

import { ChaosDice } from './chaos-dice.js';
import type { MockBehaviour } from './mock-behaviour.js';

function roll(behaviour: MockBehaviour, calls: number): readonly MockBehaviour[] {
  const dice = new ChaosDice();
  return Array.from({ length: calls }, () => dice.roll(behaviour, true, 20));
}

describe('chaos dice', () => {
  it('throw the same faults for the same seed and others for another seed', () => {
    const rates = { failRate: 0.2, cutRate: 0.2, stallRate: 0.2 };
    expect(roll({ ...rates, seed: 7 }, 100)).toEqual(roll({ ...rates, seed: 7 }, 100));
    expect(roll({ ...rates, seed: 7 }, 100)).not.toEqual(roll({ ...rates, seed: 8 }, 100));
  });

  it('keep to the rates', () => {
    const failed = roll({ failRate: 0.1 }, 10_000).filter((behaviour) => behaviour.status !== undefined);
    expect(failed.length).toBeGreaterThan(900);
    expect(failed.length).toBeLessThan(1_100);
  });

  it('cut a stream within its tokens', () => {
    for (const { cutAfterChunks } of roll({ cutRate: 1 }, 100)) {
      expect(cutAfterChunks).toBeGreaterThanOrEqual(0);
      expect(cutAfterChunks).toBeLessThan(20);
    }
  });

  it('leave a behaviour without rates as it is', () => {
    const behaviour = { chunks: 3 };
    expect(new ChaosDice().roll(behaviour, false, 3)).toBe(behaviour);
  });
});
