import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createApiKey, findPublicPart, hashApiKey } from './api-key.js';

describe('API keys', () => {
  it('look like tg_<12 base62>_<43 base64url> and begin with their id', () => {
    for (let i = 0; i < 200; i += 1) {
      const { id, secret, secretSha256 } = createApiKey();
      expect(secret).toMatch(/^tg_[0-9A-Za-z]{12}_[0-9A-Za-z_-]{43}$/);
      expect(findPublicPart(secret)).toBe(id);
      expect(secretSha256).toBe(createHash('sha256').update(secret).digest('hex'));
      expect(hashApiKey(secret)).toBe(secretSha256);
    }
  });

  it('are all different', () => {
    const keys = Array.from({ length: 200 }, createApiKey);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(200);
    expect(new Set(keys.map(({ secret }) => secret.slice(-43))).size).toBe(200);
  });

  it.each([
    '',
    'tg_',
    'sk-something-else',
    `tg_${'a'.repeat(12)}_${'b'.repeat(42)}`,
    `tg_${'a'.repeat(11)}-_${'b'.repeat(43)}`,
  ])('have no public part when they are not ours: %j', (text) =>
    expect(findPublicPart(text)).toBeUndefined(),
  );
});
