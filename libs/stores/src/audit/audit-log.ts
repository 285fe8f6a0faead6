import type { ClientBase, Pool } from 'pg';
import type { AuditEntry, AuditFilter, AuditRecord, AuditState } from './audit-entry.js';

interface Row {
  readonly seq: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly tenant_id: string | null;
  readonly before: AuditState | null;
  readonly after: AuditState | null;
  readonly request_id: string;
  readonly hash: string;
}

const INSERT_SQL = `INSERT INTO audit_log (actor, action, target_type, target_id, tenant_id, before, after, request_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

const LIST_SQL = `SELECT seq, at, actor, action, target_type, target_id, tenant_id, before, after, request_id, encode(hash, 'hex') AS hash
  FROM audit_log
  WHERE ($2::bigint IS NULL OR seq < $2) AND ($3::text IS NULL OR tenant_id = $3) AND ($4::text IS NULL OR actor = $4)
    AND ($5::text IS NULL OR action = $5) AND ($6::text IS NULL OR target_type = $6) AND ($7::text IS NULL OR target_id = $7)
    AND ($8::timestamptz IS NULL OR at >= $8) AND ($9::timestamptz IS NULL OR at < $9)
  ORDER BY seq DESC LIMIT $1`;

/** The part of a client that writes. */
export type AuditWriter = Pick<ClientBase, 'query'>;

function toRecord(row: Row): AuditRecord {
  return {
    seq: Number(row.seq),
    at: row.at,
    actor: row.actor,
    action: row.action,
    targetType: row.target_type,
    targetId: row.target_id,
    tenantId: row.tenant_id ?? undefined,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    requestId: row.request_id,
    hash: row.hash,
  };
}

/**
 * Links an entry to the chain; give it the connection of the transaction that makes the change, as its last step:
 * until the transaction ends, no other entry can be linked.
 */
export async function appendAudit(client: AuditWriter, entry: AuditEntry): Promise<void> {
  const json = (state: AuditState | undefined): string | null => (state ? JSON.stringify(state) : null);
  await client.query(INSERT_SQL, [
    entry.actor,
    entry.action,
    entry.targetType,
    entry.targetId,
    entry.tenantId ?? null,
    json(entry.before),
    json(entry.after),
    entry.requestId,
  ]);
}

/** Reads entries, newest first: at most `limit`, those before the entry `beforeSeq`. */
export async function listAudit(
  pool: Pool,
  filter: AuditFilter,
  page: { readonly limit: number; readonly beforeSeq?: number | undefined },
): Promise<AuditRecord[]> {
  const { rows } = await pool.query<Row>(LIST_SQL, [
    page.limit,
    page.beforeSeq ?? null,
    filter.tenantId ?? null,
    filter.actor ?? null,
    filter.action ?? null,
    filter.targetType ?? null,
    filter.targetId ?? null,
    filter.since ?? null,
    filter.until ?? null,
  ]);
  return rows.map(toRecord);
}
