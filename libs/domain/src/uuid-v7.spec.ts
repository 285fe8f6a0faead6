import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstUuidAt, timeOfUuidV7, uuidV7 } from './uuid-v7.js';

const MAX_TIME_MS = 2 ** 48 - 1;
const anyTime = fc.oneof(fc.nat({ max: MAX_TIME_MS }), fc.constantFrom(0, 1, MAX_TIME_MS - 1, MAX_TIME_MS));

describe('uuidV7', () => {
  it('has the layout of RFC 9562 with the time of its appendix', () => {
    // RFC 9562, A.6: 0x017F22E279B0 is 2022-02-22 19:22:22 UTC.
    expect(uuidV7(Date.UTC(2022, 1, 22, 19, 22, 22))).toMatch(
      /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('has version, variant and time in their places at any time, and gives the time back', () => {
    fc.assert(
      fc.property(anyTime, (timeMs) => {
        const id = uuidV7(timeMs);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(timeOfUuidV7(id)).toBe(timeMs);
      }),
    );
  });

  it('sorts by time as text', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (one, other) => {
        fc.pre(one !== other);
        const [earlier, later] = one < other ? [one, other] : [other, one];
        expect(uuidV7(earlier) < uuidV7(later)).toBe(true);
      }),
    );
  });

  it('is different each time, and uses every random bit', () => {
    const ids = Array.from({ length: 5000 }, () => uuidV7(0));
    expect(new Set(ids).size).toBe(ids.length);
    const bits = ids.map((id) => BigInt(`0x${id.replaceAll('-', '')}`));
    const [ever, always] = [bits.reduce((a, b) => a | b), bits.reduce((a, b) => a & b)];
    const random = (0xfffn << 64n) | ((1n << 62n) - 1n);
    expect((ever & ~always).toString(2)).toBe(random.toString(2));
  });
});

describe('firstUuidAt', () => {
  it('is above every id before its instant and not above any from then on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_TIME_MS }), (timeMs) => {
        expect(uuidV7(timeMs - 1) < firstUuidAt(timeMs)).toBe(true);
        expect(firstUuidAt(timeMs) <= uuidV7(timeMs)).toBe(true);
        expect(timeOfUuidV7(firstUuidAt(timeMs))).toBe(timeMs);
      }),
    );
  });
});
