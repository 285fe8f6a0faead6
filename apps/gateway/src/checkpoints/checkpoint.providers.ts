import type { Provider } from '@nestjs/common';
import type { Settings } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { systemClock } from '@tollgate/domain';
import { GatewayMetrics } from '@tollgate/metrics';
import {
  ArchiveAlarms,
  CheckpointStore,
  MemoryCheckpointStore,
  PostgresCheckpointStore,
  openArchive,
  type ArchiveStore,
} from '@tollgate/stores';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { BackgroundLog } from '../background-log.js';
import { River } from '../call/river.js';
import { LOGGER, SETTINGS } from '../tokens.js';
import { ArchivedLines } from './archived-lines.js';
import { CheckpointCalls } from './checkpoint-calls.js';
import { CheckpointLifecycle } from './checkpoint-lifecycle.js';
import { CheckpointMeter } from './checkpoint-meter.js';
import { Checkpoints, type CheckpointsOptions } from './checkpoints.js';
import { DocumentGzip } from './document-gzip.js';

const MIB = 1024 * 1024;
const SECOND_MS = 1000;
/** A pool of their own: large checkpoints do not stand in the way of the ledger. */
const CHECKPOINT_POOL = Symbol('CheckpointPool');
/** The archive; undefined when none is set. */
const ARCHIVE = Symbol('Archive');

/** What the checkpoint routes are made of. */
export const checkpointProviders: Provider[] = [
  {
    provide: CHECKPOINT_POOL,
    useFactory: ({ env }: Settings, log: BackgroundLog) =>
      createPostgresPool({
        url: env.DATABASE_URL ?? '',
        maxConnections: 10,
        connectTimeoutMs: 2000,
        statementTimeoutMs: 5000,
        namedStatements: env.NAMED_STATEMENTS,
        onIdleError: log.listener('postgres'),
      }),
    inject: [SETTINGS, BackgroundLog],
  },
  { provide: ARCHIVE, useFactory: openArchive, inject: [SETTINGS] },
  {
    provide: CheckpointStore,
    useFactory: ({ checkpointStore }: Settings, pool: Pool) =>
      checkpointStore === 'memory'
        ? new MemoryCheckpointStore(systemClock)
        : new PostgresCheckpointStore(pool),
    inject: [SETTINGS, CHECKPOINT_POOL],
  },
  {
    provide: Checkpoints,
    useFactory: createCheckpoints,
    inject: [
      ...[SETTINGS, CheckpointStore, CHECKPOINT_POOL, { token: ARCHIVE, optional: true }],
      ...[GatewayMetrics, River, BackgroundLog, LOGGER],
    ],
  },
  {
    provide: CheckpointCalls,
    useFactory: (checkpoints: Checkpoints, directory: TenantDirectory) =>
      new CheckpointCalls(checkpoints, directory),
    inject: [Checkpoints, TenantDirectory],
  },
  {
    provide: CheckpointLifecycle,
    useFactory: (
      { env }: Settings,
      checkpoints: Checkpoints,
      pool: Pool,
      archive: ArchiveStore | undefined,
    ) => new CheckpointLifecycle(checkpoints, pool, archive, env.DRAIN_TIMEOUT_SECONDS * SECOND_MS),
    inject: [SETTINGS, Checkpoints, CHECKPOINT_POOL, { token: ARCHIVE, optional: true }],
  },
];

function createCheckpoints(
  { env }: Settings,
  store: CheckpointStore,
  pool: Pool,
  archive: ArchiveStore | undefined,
  metrics: GatewayMetrics,
  river: River,
  log: BackgroundLog,
  logger: Logger,
): Checkpoints {
  return new Checkpoints({
    store,
    lines: new ArchivedLines(archive, env.ARCHIVE_CACHE_MIB * MIB),
    gzip: new DocumentGzip(),
    meter: new CheckpointMeter(metrics),
    quota: {
      checkpoints: env.DEFAULT_TENANT_CHECKPOINTS,
      bytes: env.DEFAULT_TENANT_CHECKPOINT_MIB * MIB,
    },
    keepVersions: env.CHECKPOINT_KEEP_VERSIONS,
    maxDocumentBytes: env.CHECKPOINT_MAX_MIB * MIB,
    isDraining: () => river.isDraining,
    onDamage: alarmOf(new ArchiveAlarms(pool), log, logger),
  });
}

function alarmOf(alarms: ArchiveAlarms, log: BackgroundLog, logger: Logger): CheckpointsOptions['onDamage'] {
  const onError = log.listener('archive alarm');
  return (damage, location) => {
    const { packId, key, offset, length } = location;
    logger.error({ damage, packId, key, offset, length }, 'archived checkpoint is damaged');
    const detail = `read by a gateway: ${length} bytes at ${offset}`;
    alarms.raise({ kind: damage, packId, key, detail }).catch(onError);
  };
}
