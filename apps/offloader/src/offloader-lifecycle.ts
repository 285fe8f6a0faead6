import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { OffloaderSettings } from '@tollgate/config';
import { ArchiveStore } from '@tollgate/stores';
import { Pool } from 'pg';
import { SETTINGS } from './tokens.js';
import { Worker } from './worker/worker.js';

const SECOND_MS = 1000;
/** For giving claims back, once the archive has let go. */
const RELEASE_MS = 5000;

/** Starts the daemon, and ends it in order: claim nothing, let the packs under way end, cut the rest, close. */
@Injectable()
export class OffloaderLifecycle
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    @Inject(SETTINGS) private readonly settings: OffloaderSettings,
    private readonly worker: Worker,
    private readonly archive: ArchiveStore,
    private readonly pool: Pool,
  ) {}

  onApplicationBootstrap(): void {
    this.worker.start();
  }

  onModuleDestroy(): void {
    this.worker.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const hasEnded = await this.worker.stop(this.settings.env.DRAIN_TIMEOUT_SECONDS * SECOND_MS);
    // What the archive is asked for now fails at once, and whoever asked gives its claims back.
    await this.archive.close();
    if (!hasEnded) await this.worker.stop(RELEASE_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
