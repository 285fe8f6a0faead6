import { ConfigurableModuleBuilder, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { Catalogue, createCatalogue } from '@tollgate/adapters';
import type { AdminSettings } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { systemClock } from '@tollgate/domain';
import { HealthModule, ServiceHealth } from '@tollgate/health';
import { ServiceMetrics } from '@tollgate/metrics';
import { Ledger, PostgresLedger } from '@tollgate/stores';
import { createTenantSource } from '@tollgate/tenant-config';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { createServiceHealth } from './admin-api-health.js';
import { AdminApiLifecycle } from './admin-api-lifecycle.js';
import { AgentsController } from './agents/agents.controller.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { DeliveriesController } from './alerts/deliveries.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { BudgetController } from './budget/budget.controller.js';
import { HeldMoney } from './budget/held-money.js';
import { IncreasesController } from './budget/increases.controller.js';
import { Changes } from './change/changes.js';
import { InvoicesController } from './invoices/invoices.controller.js';
import { createChores } from './chores/admin-chores.js';
import { Chores } from './chores/chores.js';
import { KeysController } from './keys/keys.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LoginGuard } from './login/login.guard.js';
import { LoginThrottle } from './login/login-throttle.js';
import { Login } from './login/login.js';
import { OidcVerifier } from './login/oidc-verifier.js';
import { ChoreMeter } from './metrics/chore-meter.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { RequestMeter } from './metrics/request-meter.js';
import { ModelsController } from './models/models.controller.js';
import { AdminErrorFilter } from './operation/admin-error.filter.js';
import { OperationInterceptor } from './operation/operation.interceptor.js';
import { OperatorTokens } from './operators/operator-tokens.js';
import { OperatorsController } from './operators/operators.controller.js';
import { PolicyController } from './policy/policy.controller.js';
import { PolicyJudge } from './policy/policy-judge.js';
import { ReferenceController } from './reference/reference.controller.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { SessionController } from './session/session.controller.js';
import { Sessions } from './session/sessions.js';
import { EffectiveSettingsController } from './tenants/effective-settings.controller.js';
import { TenantReader } from './tenants/tenant-reader.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { LOGGER, SETTINGS } from './tokens.js';
import { ExportPool } from './usage/export-pool.js';
import { UsageController } from './usage/usage.controller.js';

/** What an admin API is built from. */
export interface AdminApiOptions {
  readonly settings: AdminSettings;
  readonly logger: Logger;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AdminApiOptions>()
  .setClassMethodName('forRoot')
  .build();

const MAX_CONNECTIONS = 10;
const MAX_EXPORTS = 4;

const foundations: Provider[] = [
  {
    provide: SETTINGS,
    useFactory: ({ settings }: AdminApiOptions) => settings,
    inject: [MODULE_OPTIONS_TOKEN],
  },
  { provide: LOGGER, useFactory: ({ logger }: AdminApiOptions) => logger, inject: [MODULE_OPTIONS_TOKEN] },
  { provide: ServiceMetrics, useFactory: () => new ServiceMetrics() },
  {
    provide: RequestMeter,
    useFactory: (metrics: ServiceMetrics) => new RequestMeter(metrics),
    inject: [ServiceMetrics],
  },
  {
    provide: Pool,
    useFactory: (settings: AdminSettings, logger: Logger) => createPool(settings, logger, MAX_CONNECTIONS),
    inject: [SETTINGS, LOGGER],
  },
  {
    provide: ExportPool,
    useFactory: (settings: AdminSettings, logger: Logger) =>
      new ExportPool(createPool(settings, logger, MAX_EXPORTS)),
    inject: [SETTINGS, LOGGER],
  },
  { provide: Ledger, useFactory: (pool: Pool) => new PostgresLedger(pool), inject: [Pool] },
  RequestsInFlight,
  { provide: Changes, useFactory: (pool: Pool) => new Changes(pool), inject: [Pool] },
];

const resources: Provider[] = [
  {
    provide: Catalogue,
    useFactory: ({ gateway }: AdminSettings) => createCatalogue(gateway, systemClock),
    inject: [SETTINGS],
  },
  {
    provide: PolicyJudge,
    useFactory: ({ gateway }: AdminSettings, catalogue: Catalogue) => new PolicyJudge(gateway, catalogue),
    inject: [SETTINGS, Catalogue],
  },
  {
    provide: TenantReader,
    useFactory: ({ gateway }: AdminSettings, pool: Pool, logger: Logger) =>
      new TenantReader(
        createTenantSource(gateway, pool, (finding) =>
          logger.warn({ finding: finding instanceof Error ? finding.message : 'unknown' }, 'tenant finding'),
        ),
      ),
    inject: [SETTINGS, Pool, LOGGER],
  },
  {
    provide: HeldMoney,
    useFactory: ({ env }: AdminSettings, ledger: Ledger) => new HeldMoney(env.REDIS_URL, ledger),
    inject: [SETTINGS, Ledger],
  },
  {
    provide: Chores,
    useFactory: ({ env }: AdminSettings, pool: Pool, metrics: ServiceMetrics, logger: Logger) => {
      const meter = new ChoreMeter(metrics);
      return new Chores({
        chores: createChores(pool, env),
        onDone: (chore, items) => meter.done(chore, items),
        onError: (chore, error) => {
          meter.failed(chore);
          logger.error({ chore, err: error }, 'chore failed');
        },
      });
    },
    inject: [SETTINGS, Pool, ServiceMetrics, LOGGER],
  },
  { provide: Login, useFactory: createLogin, inject: [SETTINGS, Pool, RequestMeter] },
  {
    provide: Sessions,
    useFactory: ({ adminToken }: AdminSettings, pool: Pool) =>
      new Sessions({
        pool,
        adminToken,
        // A page asks for much at once when its session has ended.
        throttle: new LoginThrottle({ clock: systemClock, maxPerSource: 200, maxInTotal: 2000 }),
        clock: systemClock,
      }),
    inject: [SETTINGS, Pool],
  },
];

function createPool({ env, databaseUrl }: AdminSettings, logger: Logger, maxConnections: number): Pool {
  return createPostgresPool({
    url: databaseUrl,
    maxConnections,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 15_000,
    namedStatements: env.NAMED_STATEMENTS,
    onIdleError: (error) => logger.warn({ error: error.message }, 'idle connection to Postgres broke'),
  });
}

function createLogin({ adminToken, oidc }: AdminSettings, pool: Pool, meter: RequestMeter): Login {
  return new Login({
    tokens: new OperatorTokens(pool),
    adminToken,
    oidc: oidc && new OidcVerifier(oidc),
    throttle: new LoginThrottle({ clock: systemClock, maxPerSource: 20, maxInTotal: 1000 }),
    clock: systemClock,
    onRefused: () => meter.refusedLogin(),
  });
}

function createFilter(logger: Logger): AdminErrorFilter {
  return new AdminErrorFilter((error, requestId) => {
    const isFailure = error.code === 'internal_error' || error.code.endsWith('_unavailable');
    const facts = { requestId, code: error.code, ...(isFailure ? { err: error.cause } : {}) };
    logger[error.kind.logLevel](facts, 'request refused');
  });
}

/** The admin API: tenants, keys, policies, audit, health and metrics on one HTTP port. */
@Global()
@Module({
  imports: [
    HealthModule.forRoot(),
    PrometheusModule.register({ controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  controllers: [
    TenantsController,
    EffectiveSettingsController,
    PolicyController,
    KeysController,
    AgentsController,
    BudgetController,
    IncreasesController,
    UsageController,
    InvoicesController,
    LedgerController,
    AlertsController,
    DeliveriesController,
    ModelsController,
    AuditController,
    OperatorsController,
    SessionController,
    ReferenceController,
  ],
  providers: [
    ...foundations,
    ...resources,
    {
      provide: ServiceHealth,
      useFactory: createServiceHealth,
      inject: [SETTINGS, Pool, RequestsInFlight],
    },
    { provide: APP_GUARD, useClass: LoginGuard },
    { provide: APP_INTERCEPTOR, useClass: OperationInterceptor },
    { provide: APP_FILTER, useFactory: createFilter, inject: [LOGGER] },
    AdminApiLifecycle,
  ],
  exports: [ServiceHealth, ServiceMetrics],
})
export class AdminApiModule extends ConfigurableModuleClass {}
