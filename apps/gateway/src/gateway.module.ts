import { ConfigurableModuleBuilder, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  AdapterRegistry,
  Catalogue,
  TokenCounter,
  createAdapters,
  createCatalogue,
} from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { systemClock } from '@tollgate/domain';
import { HealthModule, ServiceHealth } from '@tollgate/health';
import { ErrorFilter, type ErrorListener } from '@tollgate/http';
import { GatewayMetrics } from '@tollgate/metrics';
import {
  BudgetStore,
  Ledger,
  LedgerWriter,
  MemoryBudgetStore,
  MemoryProviderLimits,
  PostgresLedger,
  ProviderLimits,
  RedisBudgetStore,
  RedisProviderLimits,
  connectRedis,
} from '@tollgate/stores';
import { TenantDirectory, createTenantSource } from '@tollgate/tenant-config';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Pool } from 'pg';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createModelPolicy, type ModelPolicy } from './call/resolve-model.js';
import { River } from './call/river.js';
import { SettleStep } from './call/settle.js';
import { Breakers } from './call/attempts/breakers.js';
import { providerLimits } from './call/request-limits.js';
import { CheckpointsController } from './checkpoints/checkpoints.controller.js';
import { checkpointProviders } from './checkpoints/checkpoint.providers.js';
import { ChatCompletionsController } from './chat-completions/chat-completions.controller.js';
import { EmbeddingsController } from './embeddings/embeddings.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { BackgroundLog } from './background-log.js';
import { createServiceHealth } from './gateway-health.js';
import { GatewayLifecycle } from './gateway-lifecycle.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { registerGauges } from './metrics/gauges.js';
import { ModelsController } from './models/models.controller.js';
import { PolicyCheck } from './models/policy-check.js';
import { ERROR_LISTENER, LOGGER, MODEL_POLICY, REDIS, SETTINGS } from './tokens.js';
import { ResponsesController } from './responses/responses.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { answerProviders } from './answer/answer.providers.js';
import { callProviders } from './call/call.providers.js';

const SECOND_MS = 1000;

/** What a gateway is built from. */
export interface GatewayOptions {
  readonly settings: Settings;
  readonly logger: Logger;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<GatewayOptions>()
  .setClassMethodName('forRoot')
  .build();

const foundations: Provider[] = [
  {
    provide: SETTINGS,
    useFactory: ({ settings }: GatewayOptions) => settings,
    inject: [MODULE_OPTIONS_TOKEN],
  },
  { provide: LOGGER, useFactory: ({ logger }: GatewayOptions) => logger, inject: [MODULE_OPTIONS_TOKEN] },
  { provide: GatewayMetrics, useFactory: () => new GatewayMetrics() },
  { provide: BackgroundLog, useFactory: (logger: Logger) => new BackgroundLog(logger), inject: [LOGGER] },
  {
    provide: Pool,
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
];

const stores: Provider[] = [
  { provide: Ledger, useFactory: (pool: Pool) => new PostgresLedger(pool), inject: [Pool] },
  { provide: REDIS, useFactory: createRedis, inject: [SETTINGS, BackgroundLog] },
  { provide: BudgetStore, useFactory: createBudgetStore, inject: [REDIS, Ledger, BackgroundLog] },
  { provide: ProviderLimits, useFactory: createProviderLimits, inject: [REDIS, SETTINGS] },
  {
    provide: TenantDirectory,
    useFactory: (settings: Settings, pool: Pool, log: BackgroundLog, policyCheck: PolicyCheck) =>
      new TenantDirectory({
        source: createTenantSource(settings, pool, log.listener('tenant secrets')),
        clock: systemClock,
        onLoaded: (tenants) => policyCheck.report(tenants),
        onError: log.listener('tenant settings'),
      }),
    inject: [SETTINGS, Pool, BackgroundLog, PolicyCheck],
  },
];

const models: Provider[] = [
  {
    provide: Catalogue,
    useFactory: (settings: Settings) => createCatalogue(settings, systemClock),
    inject: [SETTINGS],
  },
  { provide: AdapterRegistry, useFactory: createAdapters, inject: [SETTINGS] },
  { provide: TokenCounter, useFactory: () => new TokenCounter() },
  {
    provide: MODEL_POLICY,
    useFactory: createModelPolicy,
    inject: [SETTINGS, Catalogue, AdapterRegistry],
  },
  {
    provide: PolicyCheck,
    useFactory: (settings: Settings, policy: ModelPolicy, logger: Logger) =>
      new PolicyCheck(settings, policy, logger),
    inject: [SETTINGS, MODEL_POLICY, LOGGER],
  },
];

// One connection for all scripts of a call, so that they leave in one write; the budget store opens and closes it.
function createRedis({ env, budgetStore }: Settings, log: BackgroundLog): Redis | undefined {
  return budgetStore === 'memory'
    ? undefined
    : connectRedis(env.REDIS_URL ?? '', { replyTimeoutMs: SECOND_MS }, log.listener('redis'));
}

function createProviderLimits(redis: Redis | undefined, settings: Settings): ProviderLimits {
  const limits = providerLimits(settings);
  return redis
    ? new RedisProviderLimits({ redis, limits })
    : new MemoryProviderLimits({ limits, clock: systemClock });
}

function createBudgetStore(redis: Redis | undefined, totals: Ledger, log: BackgroundLog): BudgetStore {
  if (!redis) return new MemoryBudgetStore({ totals, clock: systemClock });
  return new RedisBudgetStore({ redis, totals, onBackgroundError: log.listener('budget store') });
}

/** The gateway: model calls, usage, health and metrics on one HTTP port. */
@Global()
@Module({
  imports: [
    HealthModule.forRoot(),
    PrometheusModule.register({ controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  controllers: [
    ChatCompletionsController,
    MessagesController,
    ResponsesController,
    EmbeddingsController,
    ModelsController,
    UsageController,
    CheckpointsController,
  ],
  providers: [
    ...foundations,
    ...stores,
    ...models,
    ...callProviders,
    ...answerProviders,
    ...checkpointProviders,
    {
      provide: ServiceHealth,
      useFactory: createServiceHealth,
      inject: [SETTINGS, Pool, BudgetStore, River, LedgerWriter, TenantDirectory],
    },
    { provide: ERROR_LISTENER, useFactory: errorListener, inject: [GatewayMetrics, LOGGER] },
    {
      provide: APP_FILTER,
      useFactory: (onError: ErrorListener) => new ErrorFilter(onError),
      inject: [ERROR_LISTENER],
    },
    {
      provide: 'gauges',
      useFactory: registerGauges,
      inject: [GatewayMetrics, River, SettleStep, LedgerWriter, TenantDirectory, Breakers],
    },
    GatewayLifecycle,
  ],
  exports: [ServiceHealth, GatewayMetrics],
})
export class GatewayModule extends ConfigurableModuleClass {}

function errorListener(metrics: GatewayMetrics, logger: Logger): ErrorListener {
  const refusals = metrics.counter('tollgate_refusals_total');
  return (error, requestId) => {
    refusals.inc({ code: error.code });
    logger[error.kind.logLevel](
      { requestId, code: error.code, ...(error.code === 'internal_error' ? { err: error.cause } : {}) },
      'request refused',
    );
  };
}
