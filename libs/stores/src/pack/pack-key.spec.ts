import { describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@tollgate/domain';
import { findPackKey, formatPackKey, packPrefix } from './pack-key.js';

describe('the key of a pack', () => {
  const packId = uuidV7(Date.UTC(2026, 10, 3, 23, 59, 59, 999));
  const key = `checkpoints/acme/2026/11/03/${packId}-abababababababab.ndjson.gz`;

  it('has the tenant, the day in UTC, the id and the start of the hash', () => {
    expect(formatPackKey('acme', packId, Buffer.alloc(32, 0xab))).toBe(key);
    expect(key.startsWith(packPrefix('acme'))).toBe(true);
    expect(key.startsWith(packPrefix())).toBe(true);
  });

  it('is read back, and nothing else is', () => {
    expect(findPackKey(key)).toEqual({ tenantId: 'acme', packId, sha256Start: 'abababababababab' });
    for (const other of ['', 'checkpoints/acme', `x${key}`, `${key}x`, key.replace('acme', 'a/b')])
      expect(findPackKey(other)).toBeUndefined();
  });
});
