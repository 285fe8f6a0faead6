import {
  formatPackKey,
  MAX_PACK_MEMBERS,
  type Archived,
  type ArchiveStore,
  type Claim,
  type OffloadQueue,
  type PackIndex,
} from '@tollgate/stores';
import { uuidV7 } from '@tollgate/domain';
import { buildPack, chooseClaims, type BuiltPack } from './pack/build-pack.js';
import { isRunsFault } from './outage.js';
import type { StepListener } from './step.js';
import { verifyUpload } from './verify/verify-upload.js';

/** Longer than an upload and its reading back may take, with all their retries. */
const LEASE_SECONDS = 600;
const RETRY_BASE_SECONDS = 30;
/** Workers are also killed for other reasons: twice as many have to go down with a run before it is set aside. */
const LOSSES_PER_FAILURE = 2;

/** What offloading needs. */
export interface OffloadOptions {
  readonly queue: OffloadQueue;
  readonly packs: PackIndex;
  readonly archive: ArchiveStore;
  readonly olderThanSeconds: number;
  /** Rows that one statement reads. */
  readonly batchSize: number;
  /** Failures after which a run is quarantined. */
  readonly maxFailures: number;
  readonly onStep?: StepListener;
}

/** What became of one tenant's next pack. */
export interface OffloadReport {
  readonly claimed: number;
  readonly archived: number;
  /** Written to again while they were being archived: they come back when they are old enough. */
  readonly changed: number;
  readonly failed: number;
  /** Runs that somebody else had taken meanwhile: their lease had ended. */
  readonly leaseLosses: number;
  /** Of the pack's object. */
  readonly packBytes: number;
}

const NOTHING: OffloadReport = {
  claimed: 0,
  archived: 0,
  changed: 0,
  failed: 0,
  leaseLosses: 0,
  packBytes: 0,
};

/**
 * The way of finished checkpoints into the archive, a pack at a time: claim → pack → announce → upload → read back and
 * prove → archive. No transaction is open while the archive is spoken to, and a crash anywhere leaves the runs live.
 */
export class Offload {
  constructor(private readonly options: OffloadOptions) {}

  /**
   * Archives a tenant's oldest due runs, as many as one pack holds.
   * @throws ArchiveStoreError when the archive is away or refuses us: the runs are given back, and none is to blame
   */
  async archiveNext(tenantId: string): Promise<OffloadReport> {
    const { queue, olderThanSeconds, maxFailures } = this.options;
    const claims = await queue.claim({
      tenantId,
      olderThanSeconds,
      limit: MAX_PACK_MEMBERS,
      leaseSeconds: LEASE_SECONDS,
      maxLosses: maxFailures * LOSSES_PER_FAILURE,
    });
    if (claims.length === 0) return NOTHING;
    const { chosen, surplus } = chooseClaims(claims);
    if (surplus.length > 0) await queue.release(tenantId, surplus);
    try {
      await this.#reached('claimed', tenantId);
      return await this.#archive(tenantId, chosen);
    } catch (error) {
      const isToBlame = isRunsFault(error);
      // With the database away nothing can be given back: the leases end by themselves, and the first error says more.
      await queue.release(tenantId, chosen, isToBlame ? this.#failure(error) : undefined).catch(() => {
        throw error;
      });
      if (!isToBlame) throw error;
      return { ...NOTHING, claimed: chosen.length, failed: chosen.length };
    }
  }

  async #archive(tenantId: string, claims: readonly Claim[]): Promise<OffloadReport> {
    const { queue, packs, batchSize } = this.options;
    const built = await buildPack(packs, tenantId, claims, batchSize);
    await this.#reached('packed', tenantId);
    const { runIds, leaseLosses } = await this.#store(tenantId, built);
    const archived = new Set(runIds);
    if (built.unreadable.length > 0)
      await queue.release(tenantId, built.unreadable, this.#failure(new Error('document_unreadable')));
    const failed = new Set(built.unreadable.map(({ runId }) => runId));
    const rest = claims.filter(({ runId }) => !archived.has(runId) && !failed.has(runId));
    if (rest.length > 0) await queue.release(tenantId, rest);
    return {
      claimed: claims.length,
      archived: archived.size,
      changed: rest.length - leaseLosses,
      failed: failed.size,
      leaseLosses,
      packBytes: built.pack?.body.length ?? 0,
    };
  }

  /** Answers the runs that are archived now. */
  async #store(
    tenantId: string,
    { pack, packed }: BuiltPack,
  ): Promise<Pick<Archived, 'runIds' | 'leaseLosses'>> {
    if (!pack) return { runIds: [], leaseLosses: 0 };
    const { packs, archive } = this.options;
    const id = uuidV7(Date.now());
    const key = formatPackKey(tenantId, id, pack.sha256);
    const newPack = { id, tenantId, key, pack };
    await packs.open(newPack);
    await this.#reached('announced', tenantId);
    try {
      await archive.put(key, pack.body, pack.metadata);
      await this.#reached('uploaded', tenantId);
      const proved = await verifyUpload(archive, packs, newPack, packed);
      await this.#reached('verified', tenantId);
      const stored = await packs.archive(newPack, proved);
      await this.#reached('archived', tenantId);
      return stored;
    } catch (error) {
      // Whether its object is there or not: the garbage collection removes it. A pack that is archived already is not touched.
      await packs.abandon(id);
      throw error;
    }
  }

  #failure(error: unknown): { error: string; maxFailures: number; baseDelaySeconds: number } {
    return {
      error: error instanceof Error ? nameOf(error) : 'unknown',
      maxFailures: this.options.maxFailures,
      baseDelaySeconds: RETRY_BASE_SECONDS,
    };
  }

  async #reached(step: Parameters<StepListener>[0], tenantId: string): Promise<void> {
    await this.options.onStep?.(step, tenantId);
  }
}

// A word, never a message: a message could hold what was stored.
function nameOf(error: Error): string {
  return 'reason' in error
    ? `${error.name} ${String(error.reason)}`
    : error.message === 'document_unreadable'
      ? error.message
      : error.name;
}
