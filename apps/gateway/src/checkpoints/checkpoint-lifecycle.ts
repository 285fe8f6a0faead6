import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type { ArchiveStore } from '@tollgate/stores';
import type { Pool } from 'pg';
import type { Checkpoints } from './checkpoints.js';

/** Lets what is under way finish, and closes what checkpoints are kept in. */
export class CheckpointLifecycle implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly pool: Pool,
    private readonly archive: ArchiveStore | undefined,
    private readonly drainTimeoutMs: number,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.checkpoints.drain(this.drainTimeoutMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.archive?.close()]);
  }
}
