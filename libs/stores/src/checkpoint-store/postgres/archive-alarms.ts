import type { Pool } from 'pg';
import type { ArchiveLocation } from '../checkpoint.js';

/** Raises alarms about the archive; while one is open, nothing is evicted. Readers may raise them, and clear none. */
export class ArchiveAlarms {
  constructor(private readonly pool: Pool) {}

  /** Does nothing when the object has an open alarm of this kind. */
  async raise(kind: 'loss' | 'corruption', { packId, key }: ArchiveLocation, detail: string): Promise<void> {
    await this.pool.query('SELECT tollgate_raise_archive_alarm($1, $2, $3, $4)', [kind, packId, key, detail]);
  }
}
