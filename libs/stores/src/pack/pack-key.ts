import { timeOfUuidV7 } from '@tollgate/domain';

/** What the key of a pack says. */
export interface PackKey {
  readonly tenantId: string;
  /** UUID version 7. */
  readonly packId: string;
  /** The first 16 hex digits of the pack's SHA-256. */
  readonly sha256Start: string;
}

/** What the keys of all packs begin with, or those of one tenant. */
export function packPrefix(tenantId?: string): string {
  return tenantId === undefined ? 'checkpoints/' : `checkpoints/${tenantId}/`;
}

/** The key of a pack, under the day (UTC) that its id was made. */
export function formatPackKey(tenantId: string, packId: string, sha256: Buffer): string {
  const day = new Date(timeOfUuidV7(packId)).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${packPrefix(tenantId)}${day}/${packId}-${sha256.toString('hex', 0, 8)}.ndjson.gz`;
}

const KEY =
  /^checkpoints\/([^/]+)\/\d{4}\/\d\d\/\d\d\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{16})\.ndjson\.gz$/;

/** Reads a key; undefined: it is no pack's. */
export function findPackKey(key: string): PackKey | undefined {
  const [, tenantId, packId, sha256Start] = KEY.exec(key) ?? [];
  if (tenantId === undefined || packId === undefined || sha256Start === undefined) return undefined;
  return { tenantId, packId, sha256Start };
}
