import { ArchiveStoreError } from './archive-store-error.js';

const MAX_KEY_LENGTH = 1024;
/**
 * Where Tollgate keeps what is no pack: no tenant's id begins with a dot. Nothing below it is ever taken for a pack.
 */
export const OWN_PREFIX = 'checkpoints/.tollgate/';

/** No other word begins with a dot: none is `..`, and a folder's own files have names that no object can have. */
const KEY = /^[A-Za-z0-9][\w.=~:-]{0,199}(\/(\.tollgate|[A-Za-z0-9][\w.=~:-]{0,199}))*$/;

/** Refuses keys that not every archive can hold, those that lead out of a folder above all. */
export function checkKey(key: string): void {
  if (key.length <= MAX_KEY_LENGTH && KEY.test(key)) return;
  throw new ArchiveStoreError('refused', 'This is no key of the archive.');
}

/** Refuses ranges that no object has. */
export function checkRange(offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 1) return;
  throw new ArchiveStoreError('refused', 'This is no range of an object.');
}
