import { randomFillSync } from 'node:crypto';

// Randomness is drawn for 256 ids at once: one system call each would dominate the cost of an id.
const pool = Buffer.allocUnsafe(10 * 256);
let poolOffset = pool.length;

/** A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits. */
export function uuidV7(timeMs: number): string {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const random = pool.toString('hex', poolOffset, poolOffset + 10);
  const variant = ((pool[poolOffset + 2] ?? 0) & 0x3f) | 0x80;
  poolOffset += 10;
  const time = timeMs.toString(16).padStart(12, '0');
  const tail = variant.toString(16) + random.slice(6, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${tail}-${random.slice(8)}`;
}

/** The smallest UUID version 7 of an instant: the boundary of a partition or of a range query over ids. */
export function firstUuidAt(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The instant inside a UUID version 7, in ms since the epoch. */
export function timeOfUuidV7(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
