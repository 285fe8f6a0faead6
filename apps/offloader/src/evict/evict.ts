import type { ArchiveAlarms, ArchiveStore, EvictionIndex, IndexedPack } from '@tollgate/stores';
import type { StepListener } from '../step.js';

const PACKS_AT_ONCE = 100;

/** What evicting needs. */
export interface EvictOptions {
  readonly index: EvictionIndex;
  readonly alarms: ArchiveAlarms;
  readonly archive: ArchiveStore;
  readonly retentionSeconds: number;
  /** Rows that one statement deletes. */
  readonly batchSize: number;
  readonly onStep?: StepListener;
  /** Told after each batch, with all that went so far and what that batch came to. */
  readonly onProgress?: (evicted: number, last: number) => void;
}

/** What became of the database copies. */
export interface EvictReport {
  readonly evicted: number;
  /** Packs whose object is not what it was: alarms are raised, and nothing more is evicted. */
  readonly lost: number;
}

/** Lets database copies go that are old enough and whose pack is there, one look at each pack. */
export class Eviction {
  constructor(private readonly options: EvictOptions) {}

  /** @throws ArchiveStoreError when the archive is away */
  async run(signal?: AbortSignal): Promise<EvictReport> {
    const { index, retentionSeconds } = this.options;
    let evicted = 0;
    let after: string | undefined;
    for (;;) {
      const packs = await index.listPacks(retentionSeconds, PACKS_AT_ONCE, after);
      for (const pack of packs) {
        if (signal?.aborted) return { evicted, lost: 0 };
        if (!(await this.#isThere(pack))) return { evicted, lost: 1 };
        evicted += await this.#evict(pack, evicted);
        after = pack.id;
      }
      if (packs.length < PACKS_AT_ONCE) return { evicted, lost: 0 };
    }
  }

  async #isThere({ id, key, sha256, sizeBytes }: IndexedPack): Promise<boolean> {
    const object = await this.options.archive.head(key);
    const isRight = object?.sizeBytes === sizeBytes && object.metadata['sha256'] === sha256.toString('hex');
    if (isRight) return true;
    const [kind, detail] = object
      ? (['corruption', 'the object has another size or hash than its pack'] as const)
      : (['loss', 'the object is gone'] as const);
    await this.options.alarms.raise({ kind, packId: id, key, detail });
    return false;
  }

  async #evict({ id, tenantId }: IndexedPack, before: number): Promise<number> {
    const { index, retentionSeconds, batchSize, onStep, onProgress } = this.options;
    let evicted = 0;
    for (;;) {
      await onStep?.('evicting', tenantId);
      const gone = await index.evict(id, retentionSeconds, batchSize);
      await onStep?.('evicted', tenantId);
      evicted += gone;
      onProgress?.(before + evicted, gone);
      if (gone < batchSize) return evicted;
    }
  }
}
