import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TransientMap } from './transient-map.js';

const steps = fc.array(
  fc.record({
    key: fc.nat({ max: 40 }),
    value: fc.nat(),
    isDelete: fc.boolean(),
    times: fc.nat({ max: 400 }),
  }),
  { maxLength: 30 },
);

describe('TransientMap', () => {
  it('holds what a Map holds, in the same order, however often it was renewed', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const model = new Map<number, number>();
        const map = new TransientMap<number, number>();
        for (const { key, value, isDelete, times } of taken) {
          for (let turn = 0; turn < times; turn += 1) {
            model.delete(-1);
            map.delete(-1);
            model.set(-1, turn);
            map.set(-1, turn);
          }
          if (isDelete) expect(map.delete(key)).toBe(model.delete(key));
          else {
            model.set(key, value);
            map.set(key, value);
          }
          expect([map.has(key), map.get(key), map.size]).toEqual([
            model.has(key),
            model.get(key),
            model.size,
          ]);
        }
        expect([...map.values()]).toEqual([...model.values()]);
      }),
    );
  });
});
