import { createHash, randomBytes, randomInt } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 12;
const SECRET_BYTES = 32;
/** What a token opens: `tg` the gateway, `tgo` the admin API. */
export type TokenPrefix = 'tg' | 'tgo';

const FORMS: Readonly<Record<TokenPrefix, RegExp>> = {
  tg: /^tg_([0-9A-Za-z]{12})_[\w-]{43}$/,
  tgo: /^tgo_([0-9A-Za-z]{12})_[\w-]{43}$/,
};

/** A key that was just made: the only moment at which its secret is known. */
export interface CreatedApiKey {
  /** The whole key, `tg_<12 base62>_<43 base64url>` (or `tgo_…`), for its owner. */
  readonly secret: string;
  /** The public part: safe in logs and labels. */
  readonly id: string;
  /** Lower-case hex. */
  readonly secretSha256: string;
}

/** SHA-256 of a whole key in lower-case hex: what is stored in its place. */
export function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Makes a new random key; its secret part has 256 bits. */
export function createApiKey(prefix: TokenPrefix = 'tg'): CreatedApiKey {
  const id = Array.from({ length: PUBLIC_LENGTH }, () => BASE62[randomInt(BASE62.length)]).join('');
  const secret = `${prefix}_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { secret, id, secretSha256: hashApiKey(secret) };
}

/** The public part of a key that Tollgate made; undefined for any other text. */
export function findPublicPart(secret: string, prefix: TokenPrefix = 'tg'): string | undefined {
  return FORMS[prefix].exec(secret)?.[1];
}
