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
import { GatewayObserver } from './call-observer.js';
import { BudgetAlerts } from './call/budget-alerts.js';
import { HoldStep } from './call/hold.js';
import { createModelPolicy, type ModelPolicy } from './call/resolve-model.js';
import { River } from './call/river.js';
import { SettleStep } from './call/settle.js';
import { Sweeper } from './call/sweeper.js';
import { FastLane } from './answer/fast-lane.js';
import { ModelCalls } from './answer/model-calls.js';
import { Breakers } from './call/attempts/breakers.js';
import { UpstreamAttempts } from './call/attempts/upstream-attempts.js';
import { providerLimits, requestLimits } from './call/request-limits.js';
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

const SECOND_MS = 1000;
const MIB = 1024 * 1024;

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

const callSteps: Provider[] = [
  {
    provide: GatewayObserver,
    useFactory: (metrics: GatewayMetrics, logger: Logger) => new GatewayObserver(metrics, logger),
    inject: [GatewayMetrics, LOGGER],
  },
  { provide: HoldStep, useFactory: createHoldStep, inject: [SETTINGS, BudgetStore, TokenCounter] },
  {
    provide: SettleStep,
    useFactory: createSettleStep,
    inject: [BudgetStore, Ledger, GatewayMetrics, BackgroundLog, LOGGER],
  },
  {
    provide: LedgerWriter,
    useFactory: ({ env }: Settings, ledger: Ledger, settleStep: SettleStep, log: BackgroundLog) =>
      new LedgerWriter({
        ledger,
        capacity: env.EVENT_BUFFER_SIZE,
        onDurable: (events, totals) => settleStep.settle(events, totals),
        onError: log.listener('ledger'),
      }),
    inject: [SETTINGS, Ledger, SettleStep, BackgroundLog],
  },
  {
    provide: Sweeper,
    useFactory: createSweeper,
    inject: [BudgetStore, Ledger, GatewayMetrics, BackgroundLog, LOGGER],
  },
  {
    provide: River,
    useFactory: (
      { env }: Settings,
      directory: TenantDirectory,
      adapters: AdapterRegistry,
      policy: ModelPolicy,
      holdStep: HoldStep,
      counter: TokenCounter,
      writer: LedgerWriter,
      settleStep: SettleStep,
      observer: GatewayObserver,
    ) =>
      new River({
        directory,
        adapters,
        policy,
        holdStep,
        counter,
        writer,
        settleStep,
        observer,
        requestTimeoutMs: env.REQUEST_TIMEOUT_SECONDS * SECOND_MS,
      }),
    inject: [
      SETTINGS,
      TenantDirectory,
      AdapterRegistry,
      MODEL_POLICY,
      HoldStep,
      TokenCounter,
      LedgerWriter,
      SettleStep,
      GatewayObserver,
    ],
  },
  {
    provide: Breakers,
    useFactory: ({ env }: Settings) => new Breakers(env.BREAKER_FAILURE_PERCENT),
    inject: [SETTINGS],
  },
  {
    provide: UpstreamAttempts,
    useFactory: ({ env }: Settings, breakers: Breakers, limits: ProviderLimits, river: River) =>
      new UpstreamAttempts({
        breakers,
        limits,
        failOpen: env.BUDGET_FAILURE_MODE === 'open',
        maxTries: env.UPSTREAM_MAX_TRIES,
        onFailedTry: (call, outcome) => river.recordFailedTry(call, outcome),
      }),
    inject: [SETTINGS, Breakers, ProviderLimits, River],
  },
  {
    provide: ModelCalls,
    useFactory: ({ env }: Settings, river: River, attempts: UpstreamAttempts, onRefused: ErrorListener) =>
      new ModelCalls({ river, attempts, keepAliveMs: env.SSE_KEEPALIVE_SECONDS * SECOND_MS, onRefused }),
    inject: [SETTINGS, River, UpstreamAttempts, ERROR_LISTENER],
  },
  {
    provide: FastLane,
    useFactory: ({ env }: Settings, calls: ModelCalls) => new FastLane(calls, env.MAX_BODY_MIB * MIB),
    inject: [SETTINGS, ModelCalls],
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

function createHoldStep(settings: Settings, budgets: BudgetStore, counter: TokenCounter): HoldStep {
  const { env } = settings;
  return new HoldStep({
    budgets,
    counter,
    limitsOf: requestLimits(settings),
    holdTtlMs: (env.REQUEST_TIMEOUT_SECONDS + env.HOLD_GRACE_SECONDS) * SECOND_MS,
    failOpen: env.BUDGET_FAILURE_MODE === 'open',
  });
}

function createSettleStep(
  budgets: BudgetStore,
  ledger: Ledger,
  metrics: GatewayMetrics,
  log: BackgroundLog,
  logger: Logger,
): SettleStep {
  const raised = metrics.counter('tollgate_budget_alerts_total');
  const alerts = new BudgetAlerts({
    ledger,
    onError: log.listener('budget alerts'),
    onAlert: (alert) => {
      raised.inc({ tenant_id: alert.tenantId, threshold_percent: alert.thresholdPercent });
      logger.warn(alert, 'budget alert');
    },
  });
  return new SettleStep({ budgets, alerts, onError: log.listener('settle') });
}

function createSweeper(
  budgets: BudgetStore,
  ledger: Ledger,
  metrics: GatewayMetrics,
  log: BackgroundLog,
  logger: Logger,
): Sweeper {
  const presumed = metrics.counter('tollgate_presumed_events_total');
  const drift = metrics.gauge('budget_drift_nano_usd');
  return new Sweeper({
    budgets,
    ledger,
    onPresumed: ({ tenantId, requestId, amountNanoUsd }) => {
      presumed.inc();
      logger.warn({ tenantId, requestId, amountNanoUsd }, 'call presumed at its held amount');
    },
    onDrift: (nanoUsd) => drift.set(nanoUsd),
    onError: log.listener('sweeper'),
  });
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
    ...callSteps,
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
