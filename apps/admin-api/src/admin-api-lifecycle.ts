import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { AdminSettings } from '@tollgate/config';
import { Pool } from 'pg';
import { HeldMoney } from './budget/held-money.js';
import { Chores } from './chores/chores.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { TenantReader } from './tenants/tenant-reader.js';
import { SETTINGS } from './tokens.js';
import { ExportPool } from './usage/export-pool.js';

const SECOND_MS = 1000;

/** Ends in order: refuse, let what is under way finish, close. */
@Injectable()
export class AdminApiLifecycle
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    @Inject(SETTINGS) private readonly settings: AdminSettings,
    private readonly requests: RequestsInFlight,
    private readonly tenants: TenantReader,
    private readonly held: HeldMoney,
    private readonly chores: Chores,
    private readonly pool: Pool,
    private readonly exports: ExportPool,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.held.start();
    this.chores.start();
  }

  onModuleDestroy(): void {
    this.requests.close();
    this.chores.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const timeoutMs = this.settings.env.DRAIN_TIMEOUT_SECONDS * SECOND_MS;
    await Promise.all([this.requests.drain(timeoutMs), this.chores.drain(timeoutMs)]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tenants.close();
    this.held.stop();
    await Promise.all([this.pool.end(), this.exports.pool.end()]);
  }
}
