import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

const BATCH_ENTRIES = 1000;

/** The first thing that is wrong with the chain. */
export interface AuditFault {
  /** Which entry. */
  readonly seq: number;
  /** `missing`: it is gone; `changed`: its hash is not that of its content; `unlinked`: it does not follow the entry before. */
  readonly kind: 'missing' | 'changed' | 'unlinked';
}

/** What a look at the whole audit found. */
export interface AuditVerdict {
  readonly isIntact: boolean;
  /** Entries that were found good, from the first on. */
  readonly entries: number;
  /** The hash of the last of them, lower-case hex: kept elsewhere, it proves later that nothing before was rewritten. */
  readonly headHash: string;
  readonly fault: AuditFault | undefined;
}

// As texts, just as they were hashed.
const FIELDS = [
  "encode(previous_hash, 'hex')",
  'seq::text',
  '(extract(epoch FROM at) * 1000000)::bigint::text',
  'actor',
  'action',
  'target_type',
  'target_id',
  'tenant_id',
  'before::text',
  'after::text',
  'request_id::text',
];
const WALK_SQL = `SELECT ARRAY[${FIELDS.join(', ')}] AS fields, encode(hash, 'hex') AS hash
  FROM audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT ${BATCH_ENTRIES}`;
const HEAD_SQL = `SELECT seq::text, encode(hash, 'hex') AS hash, (SELECT coalesce(max(seq), 0)::text FROM audit_log) AS last FROM audit_head`;

interface Link {
  readonly fields: readonly (string | null)[];
  readonly hash: string;
}

/** The hash of an entry, computed here and not by the database that is examined. */
function hashOf({ fields }: Link): string {
  const frame = (field: string | null): string =>
    field === null ? '-,' : `${Buffer.byteLength(field)}:${field},`;
  return createHash('sha256').update(fields.map(frame).join('')).digest('hex');
}

function findFault(link: Link, expectedSeq: number, previousHash: string): AuditFault | undefined {
  const [previous, seq] = link.fields;
  if (seq !== String(expectedSeq)) return { seq: expectedSeq, kind: 'missing' };
  if (hashOf(link) !== link.hash) return { seq: expectedSeq, kind: 'changed' };
  return previous === previousHash ? undefined : { seq: expectedSeq, kind: 'unlinked' };
}

/** Goes through the whole audit, a thousand entries at a time, up to its end as it was at the start; stops at the first fault. */
export async function verifyAudit(pool: Pool): Promise<AuditVerdict> {
  const { rows: heads } = await pool.query<{ seq: string; hash: string; last: string }>(HEAD_SQL);
  const end = Number(heads[0]?.seq ?? 0);
  let [entries, headHash] = [0, ''];
  const broken = (fault: AuditFault): AuditVerdict => ({ isIntact: false, entries, headHash, fault });
  while (entries < end) {
    const { rows: links } = await pool.query<Link>(WALK_SQL, [entries, end]);
    if (links.length === 0) return broken({ seq: entries + 1, kind: 'missing' });
    for (const link of links) {
      const fault = findFault(link, entries + 1, headHash);
      if (fault) return broken(fault);
      [entries, headHash] = [entries + 1, link.hash];
    }
  }
  // An entry beyond the last link was not linked by the database: somebody put it there.
  if (Number(heads[0]?.last) > end) return broken({ seq: end + 1, kind: 'unlinked' });
  if ((heads[0]?.hash ?? '') !== headHash) return broken({ seq: end, kind: 'unlinked' });
  return { isIntact: true, entries, headHash, fault: undefined };
}
