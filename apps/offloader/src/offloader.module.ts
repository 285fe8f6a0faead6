import { ConfigurableModuleBuilder, Global, Module, type Provider } from '@nestjs/common';
import type { OffloaderSettings } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { systemClock } from '@tollgate/domain';
import { HealthModule, ServiceHealth } from '@tollgate/health';
import { ServiceMetrics } from '@tollgate/metrics';
import { ArchiveStore, openArchive, readArchiveId } from '@tollgate/stores';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { sendCanary } from './bucket/canary.js';
import { claimBucket } from './bucket/marker.js';
import { describeError } from './describe-error.js';
import { CountingArchive } from './metrics/counting-archive.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { OffloadMeter } from './metrics/offload-meter.js';
import { createStateProbe, STATE_PROBE } from './metrics/state-probe.js';
import { createServiceHealth } from './offloader-health.js';
import { OffloaderLifecycle } from './offloader-lifecycle.js';
import { createParts, type Parts } from './parts.js';
import { LOGGER, SETTINGS } from './tokens.js';
import { createWorkSteps } from './worker/work-steps.js';
import { Worker } from './worker/worker.js';

const SECOND_MS = 1000;
const PARTS = Symbol('Parts');

/** What an offloader is built from. */
export interface OffloaderOptions {
  readonly settings: OffloaderSettings;
  readonly logger: Logger;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<OffloaderOptions>()
  .setClassMethodName('forRoot')
  .build();

const foundations: Provider[] = [
  {
    provide: SETTINGS,
    useFactory: ({ settings }: OffloaderOptions) => settings,
    inject: [MODULE_OPTIONS_TOKEN],
  },
  { provide: LOGGER, useFactory: ({ logger }: OffloaderOptions) => logger, inject: [MODULE_OPTIONS_TOKEN] },
  { provide: ServiceMetrics, useFactory: () => new ServiceMetrics() },
  {
    provide: OffloadMeter,
    useFactory: (metrics: ServiceMetrics) => new OffloadMeter(metrics),
    inject: [ServiceMetrics],
  },
  { provide: Pool, useFactory: createPool, inject: [SETTINGS, LOGGER] },
  {
    provide: ArchiveStore,
    useFactory: (settings: OffloaderSettings, meter: OffloadMeter) => {
      const archive = openArchive(settings);
      if (!archive) throw new Error('the settings name no archive');
      return new CountingArchive(archive, (operation) => meter.operated(operation));
    },
    inject: [SETTINGS, OffloadMeter],
  },
];

const work: Provider[] = [
  {
    provide: PARTS,
    useFactory: ({ env }: OffloaderSettings, pool: Pool, archive: ArchiveStore, meter: OffloadMeter) =>
      createParts({
        pool,
        archive,
        env,
        onRound: (_, last) => meter.offloaded(last),
        onEvicted: (_, last) => meter.evicted(last),
        onScrubbed: (_, isDamaged) => meter.scrubbed(isDamaged),
      }),
    inject: [SETTINGS, Pool, ArchiveStore, OffloadMeter],
  },
  {
    provide: Worker,
    useFactory: createWorker,
    inject: [SETTINGS, Pool, ArchiveStore, PARTS, OffloadMeter, LOGGER],
  },
];

function createPool({ env, databaseUrl }: OffloaderSettings, logger: Logger): Pool {
  return createPostgresPool({
    url: databaseUrl,
    maxConnections: 5,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 60_000,
    namedStatements: env.NAMED_STATEMENTS,
    onIdleError: (error) => logger.warn({ error: describeError(error) }, 'idle connection to Postgres broke'),
  });
}

function createWorker(
  { env }: OffloaderSettings,
  pool: Pool,
  archive: ArchiveStore,
  parts: Parts,
  meter: OffloadMeter,
  logger: Logger,
): Worker {
  return new Worker({
    steps: createWorkSteps({
      parts,
      archive,
      clock: systemClock,
      onDone: (step, report) => {
        meter.done(step, report);
        logger.info({ step, ...report }, 'step done');
      },
    }),
    checkArchive: async () => {
      await claimBucket(archive, await readArchiveId(pool));
      await sendCanary(archive, systemClock);
    },
    listAlarms: () => parts.alarms.listOpen(),
    intervalMs: env.OFFLOADER_INTERVAL_SECONDS * SECOND_MS,
    clock: systemClock,
    onError: (step, error) => {
      meter.failed(step);
      logger.error({ step, error: describeError(error) }, 'step failed');
    },
    onPaused: (reason) => {
      meter.setPaused(true);
      logger.error({ reason }, 'all work is paused');
    },
    onResumed: () => {
      meter.setPaused(false);
      logger.info('the archive is in order again: work goes on');
    },
    onAlarm: (alarm) => logger.error({ alarm }, 'alarm: nothing is evicted until an operator has cleared it'),
  });
}

/** The offloader: a daemon, its health and its metrics on one HTTP port. */
@Global()
@Module({
  imports: [
    HealthModule.forRoot(),
    PrometheusModule.register({ controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  providers: [
    ...foundations,
    ...work,
    {
      provide: STATE_PROBE,
      useFactory: ({ env }: OffloaderSettings, pool: Pool, parts: Parts, meter: OffloadMeter) =>
        createStateProbe(pool, parts, meter, env.HEALTH_CHECK_TIMEOUT_SECONDS * SECOND_MS),
      inject: [SETTINGS, Pool, PARTS, OffloadMeter],
    },
    {
      provide: ServiceHealth,
      useFactory: createServiceHealth,
      inject: [SETTINGS, Pool, ArchiveStore, Worker],
    },
    OffloaderLifecycle,
  ],
  exports: [ServiceHealth, ServiceMetrics, STATE_PROBE],
})
export class OffloaderModule extends ConfigurableModuleClass {}
