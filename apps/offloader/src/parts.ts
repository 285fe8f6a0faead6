import { randomUUID } from 'node:crypto';
import type { Environment } from '@tollgate/config';
import {
  ArchiveAlarms,
  CompactionIndex,
  EvictionIndex,
  ExpiryIndex,
  GarbageIndex,
  OffloadQueue,
  PackIndex,
  ScrubIndex,
  type ArchiveStore,
} from '@tollgate/stores';
import type { Pool } from 'pg';
import { agesOf, type Ages } from './ages.js';
import { Round, type RoundOptions } from './claim/round.js';
import { Compaction } from './compact/compact.js';
import { Eviction, type EvictOptions } from './evict/evict.js';
import { Offload } from './offload.js';
import { Scrub, type ScrubOptions } from './scrub/scrub.js';

/** Packs under way at once: one is built while another is on its way. */
const LANES = 2;

/** What the parts are made from; the daemon and the command line have the same ones. */
export interface PartsOptions {
  readonly pool: Pool;
  readonly archive: ArchiveStore;
  readonly env: Environment;
  readonly onRound?: RoundOptions['onProgress'];
  readonly onEvicted?: EvictOptions['onProgress'];
  readonly onScrubbed?: ScrubOptions['onProgress'];
}

/** Everything that works on the archive, wired together. */
export interface Parts {
  readonly ages: Ages;
  readonly batchSize: number;
  readonly queue: OffloadQueue;
  readonly packs: PackIndex;
  readonly alarms: ArchiveAlarms;
  readonly round: Round;
  readonly evictions: EvictionIndex;
  readonly eviction: Eviction;
  readonly compaction: Compaction;
  readonly garbage: GarbageIndex;
  readonly scrubIndex: ScrubIndex;
  readonly scrub: Scrub;
  readonly expiry: ExpiryIndex;
}

/** Makes the parts; each maker has a name of its own in its claims. */
export function createParts({ pool, archive, env, ...listeners }: PartsOptions): Parts {
  const owner = randomUUID();
  const ages = agesOf(env);
  const batchSize = env.CHECKPOINT_OFFLOAD_BATCH_SIZE;
  const queue = new OffloadQueue(pool, owner);
  const packs = new PackIndex(pool, owner);
  const alarms = new ArchiveAlarms(pool);
  const evictions = new EvictionIndex(pool);
  const scrubIndex = new ScrubIndex(pool);
  const shared = { alarms, archive, batchSize };
  const { olderThanSeconds, retentionSeconds } = ages;
  const maxFailures = env.CHECKPOINT_OFFLOAD_MAX_RETRIES;
  const offload = new Offload({ ...shared, queue, packs, olderThanSeconds, maxFailures });
  const { onRound, onEvicted, onScrubbed } = listeners;
  return {
    ages,
    batchSize,
    queue,
    packs,
    alarms,
    evictions,
    scrubIndex,
    round: new Round({
      queue,
      offload,
      olderThanSeconds,
      lanes: LANES,
      ...(onRound ? { onProgress: onRound } : {}),
    }),
    eviction: new Eviction({
      ...shared,
      index: evictions,
      retentionSeconds,
      ...(onEvicted ? { onProgress: onEvicted } : {}),
    }),
    compaction: new Compaction({
      ...shared,
      index: new CompactionIndex(pool, owner),
      packs,
      members: scrubIndex,
    }),
    garbage: new GarbageIndex(pool),
    scrub: new Scrub({ ...shared, index: scrubIndex, ...(onScrubbed ? { onProgress: onScrubbed } : {}) }),
    expiry: new ExpiryIndex(pool),
  };
}
