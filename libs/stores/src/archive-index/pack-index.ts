import type { Pool, PoolClient } from 'pg';
import type { Pack } from '../pack/pack-writer.js';
import type { PackEntryHead } from '../pack/manifest.js';
import type { Claim } from './offload-queue.js';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

/** A live checkpoint as it is read for its pack. */
export interface LiveDocument {
  readonly head: PackEntryHead;
  readonly documentGzip: Buffer;
  /** SHA-256 of `documentGzip`, by the database. */
  readonly storedSha256: Buffer;
}

/** A claim whose document was packed. */
export interface PackedDocument {
  readonly claim: Claim;
  /** SHA-256 of the bytes that the database had. */
  readonly storedSha256: Buffer;
}

/** A pack as the index knows it. */
export interface IndexedPack {
  readonly id: string;
  readonly tenantId: string;
  readonly key: string;
  readonly sha256: Buffer;
  readonly sizeBytes: number;
  readonly members: number;
}

/** A pack that is about to be put into the archive. */
export interface NewPack {
  readonly id: string;
  readonly tenantId: string;
  readonly key: string;
  readonly pack: Pack;
}

/** The columns that make an `IndexedPack`. */
export const PACK_COLUMNS = 'p.id, p.tenant_id, p.key, p.sha256, p.size_bytes, p.members';

/** Reads `PACK_COLUMNS`. */
export function toIndexedPack(row: Row): IndexedPack {
  return {
    id: String(row['id']),
    tenantId: String(row['tenant_id']),
    key: String(row['key']),
    sha256: row['sha256'] as Buffer,
    sizeBytes: Number(row['size_bytes']),
    members: Number(row['members']),
  };
}

/** What a pack's members take in it: all but its manifest. */
export const memberBytes = ({ members }: Pick<Pack, 'members'>): number =>
  members.reduce((sum, { length }) => sum + length, 0);

const HEAD_COLUMNS =
  'status, agent_id, workflow_id, next_step_index, document_bytes, content_hash, created_at, updated_at';

const HASH_BYTES = 32;

// A list of hashes travels as the bytes themselves, one behind the other: as an array each would be written in hex.
const hashAt = (parameter: string): string =>
  `substring(${parameter}::bytea FROM (${HASH_BYTES} * (m.position - 1) + 1)::integer FOR ${HASH_BYTES})`;

/** What became of a pack's members. */
export interface Archived {
  readonly runIds: readonly string[];
  /** Runs that were at that version still, and not this worker's any more. */
  readonly leaseLosses: number;
}

/** Which version of which run stands where in which pack. */
export class PackIndex {
  constructor(
    private readonly pool: Pool,
    private readonly owner: string,
  ) {}

  /** Documents of claimed versions, in the order of the claims; one that changed or went meanwhile is left out. */
  async readDocuments(tenantId: string, claims: readonly Claim[]): Promise<LiveDocument[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'offload-documents',
      text: `SELECT c.run_id, c.version, c.status, c.agent_id, c.workflow_id, c.next_step_index, c.document_bytes,
               c.content_hash, c.created_at, c.updated_at, c.document, sha256(c.document) AS stored_sha256
             FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS m (run_id, version, position)
             JOIN checkpoints c ON c.tenant_id = $1 AND c.run_id = m.run_id AND c.version = m.version
             ORDER BY m.position`,
      values: [tenantId, claims.map(({ runId }) => runId), claims.map(({ version }) => version)],
    });
    return rows.map((row) => ({
      head: toHead(row),
      documentGzip: row['document'] as Buffer,
      storedSha256: row['stored_sha256'] as Buffer,
    }));
  }

  /**
   * Those of the packed documents that the database holds still: the same version, and the same stored bytes, which it
   * hashes itself, so that they need not travel a second time.
   */
  async findHeld(tenantId: string, packed: readonly PackedDocument[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<Row>({
      name: 'offload-held',
      text: `SELECT c.run_id FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS m (run_id, version, position)
             JOIN checkpoints c ON c.tenant_id = $1 AND c.run_id = m.run_id AND c.version = m.version
             WHERE sha256(c.document) = ${hashAt('$4')}`,
      values: [
        tenantId,
        packed.map(({ claim }) => claim.runId),
        packed.map(({ claim }) => claim.version),
        Buffer.concat(packed.map(({ storedSha256 }) => storedSha256)),
      ],
    });
    return new Set(rows.map((row) => String(row['run_id'])));
  }

  /** Announces a pack. Committed before its object is written, so that no object is ever unknown. */
  async open({ id, tenantId, key, pack }: NewPack): Promise<void> {
    await this.pool.query(
      `INSERT INTO archive_packs (id, tenant_id, key, sha256, size_bytes, members, state, owner)
       VALUES ($1, $2, $3, $4, $5, $6, 'uploading', $7)`,
      [id, tenantId, key, pack.sha256, pack.body.length, pack.members.length, this.owner],
    );
  }

  /**
   * Makes a pack that was read back the archived copy of those members whose runs are still this worker's and still
   * at that version; all at once. The others' bytes in it are dead from the start.
   */
  archive({ id, tenantId, pack }: NewPack, claims: readonly Claim[]): Promise<Archived> {
    return inTransaction<Archived>(this.pool, async (client) => {
      const { runIds, leaseLosses } = await this.#takeOver(client, tenantId, claims);
      await this.#insertEntries(client, id, tenantId, pack, runIds);
      const { rowCount } = await client.query(
        `UPDATE archive_packs p SET state = 'verified', verified_at = now(), owner = NULL,
           dead_members = p.members - $3, dead_bytes = $4 - coalesce((SELECT sum(length) FROM archive_entries WHERE pack_id = $1), 0)
         WHERE p.id = $1 AND p.owner = $2 AND p.state = 'uploading'`,
        [id, this.owner, runIds.length, memberBytes(pack)],
      );
      if (rowCount !== 1) return { isCommitted: false, result: { runIds: [], leaseLosses: claims.length } };
      return { isCommitted: true, result: { runIds, leaseLosses } };
    });
  }

  // Locks as every writer does: checkpoint, queue, entry, pack.
  async #takeOver(
    client: PoolClient,
    tenantId: string,
    claims: readonly Claim[],
  ): Promise<Pick<Archived, 'runIds' | 'leaseLosses'>> {
    const { rows: unchanged } = await client.query<Row>(
      `SELECT c.run_id FROM unnest($2::text[], $3::bigint[]) AS m (run_id, version)
       JOIN checkpoints c ON c.tenant_id = $1 AND c.run_id = m.run_id AND c.version = m.version
       ORDER BY c.run_id FOR UPDATE OF c`,
      [tenantId, claims.map(({ runId }) => runId), claims.map(({ version }) => version)],
    );
    const live = new Set(unchanged.map((row) => String(row['run_id'])));
    const kept = claims.filter(({ runId }) => live.has(runId));
    // Two lists in place of a join: the first finds the rows by their key, the second is hashed. For a join Postgres
    // expects one row of ours, and compares each with each.
    const { rows } = await client.query<Row>(
      `DELETE FROM checkpoint_offloads q
       WHERE q.tenant_id = $2 AND q.run_id = ANY ($3::text[]) AND q.owner = $1 AND q.lease_until > now()
         AND q.epoch || ' ' || q.version || ' ' || q.run_id = ANY ($4::text[])
       RETURNING q.run_id`,
      [
        this.owner,
        tenantId,
        kept.map(({ runId }) => runId),
        kept.map(({ runId, epoch, version }) => `${epoch} ${version} ${runId}`),
      ],
    );
    return { runIds: rows.map((row) => String(row['run_id'])), leaseLosses: kept.length - rows.length };
  }

  async #insertEntries(
    client: PoolClient,
    packId: string,
    tenantId: string,
    pack: Pack,
    runIds: readonly string[],
  ): Promise<void> {
    const taken = new Set(runIds);
    const members = pack.members.filter(({ runId }) => taken.has(runId));
    await client.query(
      `INSERT INTO archive_entries (tenant_id, run_id, version, pack_id, "offset", length, sha256, ${HEAD_COLUMNS})
       SELECT $1, m.run_id, c.version, $2, m."offset", m.length, ${hashAt('$6')}, ${HEAD_COLUMNS}
       FROM unnest($3::text[], $4::integer[], $5::integer[]) WITH ORDINALITY AS m (run_id, "offset", length, position)
       JOIN checkpoints c ON c.tenant_id = $1 AND c.run_id = m.run_id`,
      [
        tenantId,
        packId,
        members.map(({ runId }) => runId),
        members.map(({ offset }) => offset),
        members.map(({ length }) => length),
        Buffer.concat(members.map(({ sha256 }) => sha256)),
      ],
    );
    await client.query(
      'UPDATE checkpoints SET is_archived = true WHERE tenant_id = $1 AND run_id = ANY ($2::text[])',
      [tenantId, runIds],
    );
  }

  /** Lets the garbage collection have a pack whose object may or may not be there. */
  async abandon(packId: string): Promise<void> {
    await this.pool.query(
      `UPDATE archive_packs SET state = 'deleting', delete_after = now() WHERE id = $1 AND owner = $2 AND state = 'uploading'`,
      [packId, this.owner],
    );
  }
}

function toHead(row: Row): PackEntryHead {
  const step = row['next_step_index'];
  return {
    runId: String(row['run_id']),
    version: Number(row['version']),
    status: row['status'] as PackEntryHead['status'],
    agentId: row['agent_id'] as string | null,
    workflowId: row['workflow_id'] as string | null,
    nextStepIndex: step === null ? null : Number(step),
    documentBytes: Number(row['document_bytes']),
    contentHash: row['content_hash'] as Buffer,
    createdAt: row['created_at'] as Date,
    updatedAt: row['updated_at'] as Date,
  };
}
