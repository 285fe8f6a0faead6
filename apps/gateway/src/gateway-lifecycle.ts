import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AdapterRegistry, TokenCounter } from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { GatewayMetrics } from '@tollgate/metrics';
import { BudgetStore, Ledger } from '@tollgate/stores';
import { TenantDirectory } from '@tollgate/tenant-config';
import { Pool } from 'pg';
import { BackgroundLog } from './background-log.js';
import { River } from './call/river.js';
import { SettleStep } from './call/settle.js';
import { Sweeper } from './call/sweeper.js';
import { joinClusterMetrics } from './cluster/cluster-metrics.js';
import { PolicyCheck } from './models/policy-check.js';
import { SETTINGS } from './tokens.js';

const SECOND_MS = 1000;
const PREPARE_MONTHS_MS = 6 * 3_600_000;

/** Starts and stops everything that works in the background, in order: refuse, drain, close. */
@Injectable()
export class GatewayLifecycle
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  #months: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly directory: TenantDirectory,
    private readonly policyCheck: PolicyCheck,
    private readonly budgets: BudgetStore,
    private readonly ledger: Ledger,
    private readonly river: River,
    private readonly settleStep: SettleStep,
    private readonly sweeper: Sweeper,
    private readonly adapters: AdapterRegistry,
    private readonly counter: TokenCounter,
    private readonly pool: Pool,
    private readonly metrics: GatewayMetrics,
    private readonly log: BackgroundLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    joinClusterMetrics(this.metrics.registry);
    await this.directory.start();
    this.policyCheck.refuseStart(this.directory.listTenants());
    await this.budgets.start();
    this.sweeper.start();
    this.#prepareMonths();
    this.#months = setInterval(() => this.#prepareMonths(), PREPARE_MONTHS_MS);
  }

  onModuleDestroy(): void {
    this.river.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.river.drain(this.settings.env.DRAIN_TIMEOUT_SECONDS * SECOND_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#months);
    await this.directory.stop();
    this.settleStep.stop();
    await this.sweeper.stop();
    await this.budgets.stop();
    await this.adapters.close();
    await this.counter.close();
    await this.pool.end();
  }

  #prepareMonths(): void {
    this.ledger.prepareMonths().catch(this.log.listener('ledger months'));
  }
}
