import type { Pool } from 'pg';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

/** One version of a run that this worker may archive, until its lease ends. */
export interface Claim {
  readonly runId: string;
  readonly version: number;
  /** Raised by every claim: who works with an older one has lost the run. */
  readonly epoch: number;
  /** Of the document, unpacked. */
  readonly documentBytes: number;
}

/** How a claim is made. */
export interface ClaimOptions {
  readonly tenantId: string;
  /** Runs whose version is older than this, by the database's clock. */
  readonly olderThanSeconds: number;
  readonly limit: number;
  readonly leaseSeconds: number;
  /** Workers lost with a run in their hands, failures included, after which it waits for a person. */
  readonly maxLosses: number;
}

/** What became of a claim that was not archived. */
export interface Failure {
  /** A word for it, which operators see. */
  readonly error: string;
  /** Failures after which the run waits for a person. */
  readonly maxFailures: number;
  /** A run that failed waits up to this long, doubled with each failure (full jitter). */
  readonly baseDelaySeconds: number;
}

/** How much waits for the archive. */
export interface QueueState {
  readonly waiting: number;
  /** Old enough to be archived. */
  readonly due: number;
  readonly quarantined: number;
  /** Past the retention and not archived yet. */
  readonly overdue: number;
  /** Of the oldest run that waits and is not quarantined. */
  readonly oldestSeconds: number;
}

/** A run that is due, looked at without a claim. */
export interface DueRun extends Claim {
  /** Past the retention: its database copy would go at once. */
  readonly isEvictable: boolean;
  /** Give it as `after` to look further. */
  readonly cursor: DueCursor;
}

/** A place in the order of the queue. */
export interface DueCursor {
  /** As Postgres writes it, to the microsecond. */
  readonly updatedAt: string;
  readonly runId: string;
}

/** A run that was set aside. */
export interface QuarantinedRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly version: number;
  readonly failures: number;
  readonly lastError: string | null;
  readonly quarantinedAt: Date;
}

const MAX_DELAY_SECONDS = 3600;

// The first list finds the rows by their key, the second is hashed: a join would compare each with each.
const IS_MINE =
  "q.owner = $1 AND q.tenant_id = $2 AND q.run_id = ANY ($3::text[]) AND q.epoch || ' ' || q.run_id = ANY ($4::text[])";

/** Each failure makes the next pack so many times smaller, until the run that is to blame stands alone. */
const SHRINK_BITS = 5;
const WORKER_LOST = 'worker_lost';

// An owner whose lease has ended died with the run in its hands, or was too slow. Only the oldest are looked at, as many
// as one pack holds: the queue may be a million long.
const CLAIM_SQL = `
  WITH oldest AS (
    SELECT tenant_id, run_id, updated_at, owner IS NOT NULL AS is_lost, failures + (owner IS NOT NULL)::integer AS failures
    FROM checkpoint_offloads
    WHERE tenant_id = $2 AND quarantined_at IS NULL AND updated_at < now() - make_interval(secs => $3)
      AND (retry_at IS NULL OR retry_at <= now()) AND (lease_until IS NULL OR lease_until <= now())
    ORDER BY updated_at LIMIT $4 FOR UPDATE SKIP LOCKED),
  fatal AS (
    UPDATE checkpoint_offloads q SET failures = o.failures, last_error = '${WORKER_LOST}', quarantined_at = now(),
      owner = NULL, lease_until = NULL
    FROM oldest o WHERE q.tenant_id = o.tenant_id AND q.run_id = o.run_id AND o.is_lost AND o.failures >= $6),
  due AS (SELECT * FROM oldest WHERE NOT (is_lost AND failures >= $6)),
  first AS (SELECT failures FROM due ORDER BY updated_at, run_id LIMIT 1),
  chosen AS (
    SELECT * FROM due WHERE failures = (SELECT failures FROM first) ORDER BY updated_at
    LIMIT (SELECT greatest(1, $4::bigint >> least(${SHRINK_BITS} * failures, 60)) FROM first)),
  taken AS (
    UPDATE checkpoint_offloads q SET owner = $1, epoch = q.epoch + 1, lease_until = now() + make_interval(secs => $5),
      failures = chosen.failures, last_error = CASE WHEN is_lost THEN '${WORKER_LOST}' ELSE q.last_error END
    FROM chosen WHERE q.tenant_id = chosen.tenant_id AND q.run_id = chosen.run_id
    RETURNING q.tenant_id, q.run_id, q.version, q.epoch, q.updated_at)
  SELECT t.run_id, t.version, t.epoch, c.document_bytes FROM taken t
  LEFT JOIN checkpoints c ON c.tenant_id = t.tenant_id AND c.run_id = t.run_id AND c.version = t.version
  ORDER BY t.updated_at`;

const claimed = (claims: readonly Claim[]): [string[], string[]] => [
  claims.map(({ runId }) => runId),
  claims.map(({ runId, epoch }) => `${epoch} ${runId}`),
];

/** The queue of finished runs that wait for the archive, shared by all workers. */
export class OffloadQueue {
  /** @param owner names this worker in its claims; a UUID */
  constructor(
    private readonly pool: Pool,
    readonly owner: string,
  ) {}

  /** Tenants with runs to claim, longest waiting first: a worker serves them in turn. */
  async listTenants(olderThanSeconds: number): Promise<string[]> {
    const { rows } = await this.pool.query<Row>(
      `WITH RECURSIVE tenants AS (
         (SELECT tenant_id FROM checkpoint_offloads WHERE quarantined_at IS NULL ORDER BY tenant_id LIMIT 1)
         UNION ALL
         SELECT (SELECT q.tenant_id FROM checkpoint_offloads q WHERE quarantined_at IS NULL AND q.tenant_id > t.tenant_id ORDER BY q.tenant_id LIMIT 1)
         FROM tenants t WHERE t.tenant_id IS NOT NULL)
       SELECT t.tenant_id, oldest.updated_at FROM tenants t CROSS JOIN LATERAL (
         SELECT q.updated_at FROM checkpoint_offloads q
         WHERE q.tenant_id = t.tenant_id AND quarantined_at IS NULL AND q.updated_at < now() - make_interval(secs => $1)
           AND (retry_at IS NULL OR retry_at <= now()) AND (lease_until IS NULL OR lease_until <= now())
         ORDER BY q.updated_at LIMIT 1) oldest
       ORDER BY oldest.updated_at`,
      [olderThanSeconds],
    );
    return rows.map((row) => String(row['tenant_id']));
  }

  /**
   * Takes runs of a tenant, oldest first; those that others work on are passed over. Runs that failed are taken with
   * others that failed as often, and fewer each time, so that one that breaks every pack is soon alone in its own.
   */
  async claim({
    tenantId,
    olderThanSeconds,
    limit,
    leaseSeconds,
    maxLosses,
  }: ClaimOptions): Promise<Claim[]> {
    const rows = await inTransaction<Row[]>(this.pool, async (client) => {
      // Two workers that claim at the same moment would share the runs out between them, into two half-empty packs.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [tenantId]);
      const values = [this.owner, tenantId, olderThanSeconds, limit, leaseSeconds, maxLosses];
      return { isCommitted: true, result: (await client.query<Row>(CLAIM_SQL, values)).rows };
    });
    return rows.map((row) => ({
      runId: String(row['run_id']),
      version: Number(row['version']),
      epoch: Number(row['epoch']),
      documentBytes: Number(row['document_bytes'] ?? 0),
    }));
  }

  /** Looks at the runs that could be claimed, oldest first, and changes nothing. */
  async peek(
    tenantId: string,
    ages: { readonly olderThanSeconds: number; readonly retentionSeconds: number },
    limit: number,
    after?: DueCursor,
  ): Promise<DueRun[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT q.run_id, q.version, q.epoch, q.updated_at::text AS updated_at, c.document_bytes,
         q.updated_at < now() - make_interval(secs => $3) AS is_evictable
       FROM checkpoint_offloads q
       LEFT JOIN checkpoints c ON c.tenant_id = q.tenant_id AND c.run_id = q.run_id AND c.version = q.version
       WHERE q.tenant_id = $1 AND q.quarantined_at IS NULL AND q.updated_at < now() - make_interval(secs => $2)
         AND (q.retry_at IS NULL OR q.retry_at <= now()) AND (q.lease_until IS NULL OR q.lease_until <= now())
         AND ($5::timestamptz IS NULL OR (q.updated_at, q.run_id) > ($5, $6))
       ORDER BY q.updated_at, q.run_id LIMIT $4`,
      [
        tenantId,
        ages.olderThanSeconds,
        ages.retentionSeconds,
        limit,
        after?.updatedAt ?? null,
        after?.runId ?? null,
      ],
    );
    return rows.map((row) => ({
      runId: String(row['run_id']),
      version: Number(row['version']),
      epoch: Number(row['epoch']),
      documentBytes: Number(row['document_bytes'] ?? 0),
      isEvictable: row['is_evictable'] === true,
      cursor: { updatedAt: String(row['updated_at']), runId: String(row['run_id']) },
    }));
  }

  /** Runs that were set aside, longest first. */
  async listQuarantined(limit: number): Promise<QuarantinedRun[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT tenant_id, run_id, version, failures, last_error, quarantined_at FROM checkpoint_offloads
       WHERE quarantined_at IS NOT NULL ORDER BY quarantined_at, tenant_id, run_id LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({
      tenantId: String(row['tenant_id']),
      runId: String(row['run_id']),
      version: Number(row['version']),
      failures: Number(row['failures']),
      lastError: row['last_error'] as string | null,
      quarantinedAt: row['quarantined_at'] as Date,
    }));
  }

  /** Gives claims back: without a failure they may be claimed at once, else later or, after too many, never. */
  async release(tenantId: string, claims: readonly Claim[], failure?: Failure): Promise<void> {
    const back = 'owner = NULL, lease_until = NULL';
    if (!failure) {
      await this.pool.query(`UPDATE checkpoint_offloads q SET ${back} WHERE ${IS_MINE}`, [
        this.owner,
        tenantId,
        ...claimed(claims),
      ]);
      return;
    }
    const { error, maxFailures, baseDelaySeconds } = failure;
    await this.pool.query(
      `UPDATE checkpoint_offloads q SET ${back}, failures = q.failures + 1, last_error = $5,
         quarantined_at = CASE WHEN q.failures + 1 >= $6 THEN now() END,
         retry_at = now() + make_interval(secs => random() * least(${MAX_DELAY_SECONDS}, $7 * 2 ^ least(q.failures, 20)))
       WHERE ${IS_MINE}`,
      [this.owner, tenantId, ...claimed(claims), error, maxFailures, baseDelaySeconds],
    );
  }

  /** Lets quarantined runs be tried again, and answers how many there were. */
  async retryQuarantined(): Promise<number> {
    const { rowCount } = await this.pool.query(
      'UPDATE checkpoint_offloads SET quarantined_at = NULL, failures = 0, retry_at = NULL WHERE quarantined_at IS NOT NULL',
    );
    return rowCount ?? 0;
  }

  async readState(olderThanSeconds: number, retentionSeconds: number): Promise<QueueState> {
    const { rows } = await this.pool.query<Row>(
      `SELECT count(*) AS waiting, count(*) FILTER (WHERE updated_at < now() - make_interval(secs => $1) AND quarantined_at IS NULL) AS due,
         count(quarantined_at) AS quarantined,
         count(*) FILTER (WHERE updated_at < now() - make_interval(secs => $2)) AS overdue,
         coalesce(extract(epoch FROM now() - min(updated_at) FILTER (WHERE quarantined_at IS NULL)), 0) AS oldest_seconds
       FROM checkpoint_offloads`,
      [olderThanSeconds, retentionSeconds],
    );
    const read = (name: string): number => Number(rows[0]?.[name] ?? 0);
    return {
      waiting: read('waiting'),
      due: read('due'),
      quarantined: read('quarantined'),
      overdue: read('overdue'),
      oldestSeconds: read('oldest_seconds'),
    };
  }
}
