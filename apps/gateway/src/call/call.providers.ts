import type { Provider } from '@nestjs/common';
import { AdapterRegistry, TokenCounter } from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { GatewayMetrics } from '@tollgate/metrics';
import { BudgetStore, Ledger, LedgerWriter, ProviderLimits } from '@tollgate/stores';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { Logger } from 'pino';
import { GatewayObserver } from '../call-observer.js';
import { BudgetAlerts } from './budget-alerts.js';
import { HoldStep } from './hold.js';
import type { ModelPolicy } from './resolve-model.js';
import { River } from './river.js';
import { SettleStep } from './settle.js';
import { Sweeper } from './sweeper.js';
import { Breakers } from './attempts/breakers.js';
import { UpstreamAttempts } from './attempts/upstream-attempts.js';
import { requestLimits } from './request-limits.js';
import { BackgroundLog } from '../background-log.js';
import { LOGGER, MODEL_POLICY, SETTINGS } from '../tokens.js';

const SECOND_MS = 1000;

/** The steps of a model call, and what works behind them. */
export const callProviders: Provider[] = [
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
];

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
