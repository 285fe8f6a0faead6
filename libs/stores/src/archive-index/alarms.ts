import type { Pool } from 'pg';

/** What is wrong in the archive: an object that is gone, or one that is not what it was. */
export interface ArchiveAlarm {
  readonly kind: 'loss' | 'corruption';
  readonly packId: string | null;
  readonly key: string;
  /** Never content of a checkpoint. */
  readonly detail: string;
}

/** An alarm that was raised. While one is open, nothing is evicted anywhere. */
export interface RaisedAlarm extends ArchiveAlarm {
  readonly id: string;
  readonly raisedAt: Date;
}

/** The archive's alarms: raised by whoever meets a loss, cleared by an operator who has looked. */
export class ArchiveAlarms {
  constructor(private readonly pool: Pool) {}

  async raise({ kind, packId, key, detail }: ArchiveAlarm): Promise<void> {
    await this.pool.query('SELECT tollgate_raise_archive_alarm($1, $2, $3, $4)', [kind, packId, key, detail]);
  }

  async listOpen(): Promise<RaisedAlarm[]> {
    const { rows } = await this.pool.query<RaisedAlarm>(
      `SELECT id, kind, pack_id AS "packId", key, detail, raised_at AS "raisedAt" FROM archive_alarms
       WHERE cleared_at IS NULL ORDER BY raised_at LIMIT 1000`,
    );
    return rows;
  }

  /** Clears one alarm, or all of them, and answers how many were open. */
  async clear(id?: string): Promise<number> {
    const { rowCount } = await this.pool.query(
      'UPDATE archive_alarms SET cleared_at = now() WHERE cleared_at IS NULL AND ($1::uuid IS NULL OR id = $1)',
      [id ?? null],
    );
    return rowCount ?? 0;
  }
}
