import { randomUUID } from 'node:crypto';
import {
  ArchiveAlarms,
  CompactionIndex,
  EvictionIndex,
  GarbageIndex,
  OffloadQueue,
  PackIndex,
  S3ArchiveStore,
  ScrubIndex,
} from '@tollgate/stores';
import pg from 'pg'; // not by @tollgate/database: TypeORM would double the time that each of these processes takes to start
import { Compaction } from '../../compact/compact.js';
import { Eviction } from '../../evict/evict.js';
import { collectGarbage } from '../../gc/collect-garbage.js';
import { Offload } from '../../offload.js';
import { Round } from '../../claim/round.js';

/** What a worker that is going to be killed is told, as JSON on its command line. */
export interface CrashOrder {
  readonly databaseUrl: string;
  readonly archive: { endpoint: string; bucket: string; accessKeyId: string; secretAccessKey: string };
  /** Where it kills itself, as hard as the system can; undefined: it works until it is killed from outside. */
  readonly at?: string;
  /** Rounds to make; each ends with evictions, compaction and garbage collection. */
  readonly rounds: number;
  readonly archiveTimeoutMs: number;
}

const DAY_SECONDS = 86_400;

const order = JSON.parse(process.argv[2] ?? '{}') as CrashOrder;
const onStep = (step: string): void => {
  if (step === order.at) process.kill(process.pid, 'SIGKILL');
};

const pool = new pg.Pool({ connectionString: order.databaseUrl, max: 4, statement_timeout: 20_000 });
pool.on('error', () => undefined); // the next statement meets it
const archive = new S3ArchiveStore({ ...order.archive, timeoutMs: order.archiveTimeoutMs });
const owner = randomUUID();
const queue = new OffloadQueue(pool, owner);
const packs = new PackIndex(pool, owner);
const alarms = new ArchiveAlarms(pool);
const olderThanSeconds = 3 * DAY_SECONDS;
const offload = new Offload({
  queue,
  packs,
  archive,
  olderThanSeconds,
  batchSize: 100,
  maxFailures: 1000,
  onStep,
});
const round = new Round({ queue, offload, olderThanSeconds, lanes: 2 });
const eviction = new Eviction({
  index: new EvictionIndex(pool),
  alarms,
  archive,
  retentionSeconds: 7 * DAY_SECONDS,
  batchSize: 100,
  onStep,
});
const compaction = new Compaction({
  index: new CompactionIndex(pool, owner),
  packs,
  members: new ScrubIndex(pool),
  alarms,
  archive,
  onStep: (step) => onStep(`compaction ${step}`),
});

// An archive that is away ends a round; the next one begins where this one stood.
async function tryTo(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.name : 'failed'}\n`);
  }
}

for (let made = 0; made < order.rounds; made += 1) {
  await tryTo(() => round.run());
  await tryTo(() => eviction.run());
  await tryTo(() => compaction.run());
  await tryTo(() =>
    collectGarbage({
      index: new GarbageIndex(pool),
      archive: {
        delete: async (key) => {
          await archive.delete(key);
          onStep('object deleted');
        },
      },
      graceSeconds: 0,
      abandonedSeconds: 60,
    }),
  );
}
await pool.end();
await archive.close();
