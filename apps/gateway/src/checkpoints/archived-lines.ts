import { TollgateError } from '@tollgate/domain';
import {
  ArchiveStoreError,
  PackError,
  readMember,
  type ArchiveLocation,
  type ArchiveStore,
} from '@tollgate/stores';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { LineCache } from './line-cache.js';

const MAX_PARALLEL = 16;
const MAX_WAITING = 200;
const RETRY_AFTER_MS = 1000;

/** Why an archived line can never be had: its object is gone, or its bytes are not those that were written. */
export type ArchiveDamage = 'loss' | 'corruption';

/** An archived line that is not what the index says. */
export class ArchiveDamageError extends Error {
  override readonly name = 'ArchiveDamageError';

  constructor(
    readonly damage: ArchiveDamage,
    cause: unknown,
  ) {
    super('An archived checkpoint cannot be read', { cause });
  }
}

/** A line, and whether the archive had to be asked for it. */
export interface ArchivedLine {
  readonly line: Buffer;
  readonly from: 'cache' | 'archive';
}

/** Reads archived checkpoints, each proved by its hash, and keeps those that were read last. */
export class ArchivedLines {
  readonly #cache: LineCache;
  readonly #underWay = new Map<string, Promise<Buffer>>();
  readonly #requests = bulkhead(MAX_PARALLEL, MAX_WAITING);

  constructor(
    private readonly archive: ArchiveStore | undefined,
    cacheBytes: number,
  ) {
    this.#cache = new LineCache(cacheBytes);
  }

  /** @throws ArchiveDamageError, or TollgateError `archive_unavailable` */
  async read(location: ArchiveLocation): Promise<ArchivedLine> {
    const { packId, offset } = location;
    const id = `${packId}/${offset}`;
    const cached = this.#cache.get(id);
    if (cached) return { line: cached, from: 'cache' };
    // Whoever asks for the same line meanwhile waits for the same request.
    let request = this.#underWay.get(id);
    if (!request) {
      request = this.#fetch(location).finally(() => this.#underWay.delete(id));
      this.#underWay.set(id, request);
    }
    const line = await request;
    this.#cache.set(id, line);
    return { line, from: 'archive' };
  }

  async #fetch(location: ArchiveLocation): Promise<Buffer> {
    const { archive } = this;
    if (!archive) throw unavailable(undefined);
    const { key, offset, length } = location;
    try {
      return readMember(await this.#requests.execute(() => archive.getRange(key, offset, length)), location);
    } catch (error) {
      throw judge(error);
    }
  }
}

function unavailable(cause: unknown, retryAfterMs = RETRY_AFTER_MS): TollgateError {
  return new TollgateError('archive_unavailable', 'The archive does not answer right now.', {
    retryAfterMs,
    cause,
  });
}

function judge(error: unknown): unknown {
  if (error instanceof PackError) return new ArchiveDamageError('corruption', error);
  if (error instanceof BulkheadRejectedError) return unavailable(error);
  if (!(error instanceof ArchiveStoreError)) return error;
  switch (error.reason) {
    case 'missing':
      return new ArchiveDamageError('loss', error);
    case 'corrupt':
      return new ArchiveDamageError('corruption', error);
    default:
      return unavailable(error, error.retryAfterMs);
  }
}
