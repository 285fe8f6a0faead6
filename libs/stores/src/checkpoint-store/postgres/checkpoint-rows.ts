import type { CheckpointHead, CheckpointStatus, FoundCheckpoint, ListedCheckpoint } from '../checkpoint.js';

/** A row of `tollgate_list_checkpoints`; Postgres' bigint comes as text. */
export interface HeadRow {
  readonly source: FoundCheckpoint['source'];
  readonly run_id: string;
  readonly version: string;
  readonly status: CheckpointStatus;
  readonly agent_id: string | null;
  readonly workflow_id: string | null;
  readonly next_step_index: string | null;
  readonly document_bytes: number;
  readonly content_hash: Buffer;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface LiveRow extends HeadRow {
  readonly source: 'live';
  readonly document: Buffer;
}

interface ArchiveRow extends HeadRow {
  readonly source: 'archive';
  readonly pack_id: string;
  readonly pack_key: string;
  readonly offset: number;
  readonly length: number;
  readonly sha256: Buffer;
}

/** A row of `tollgate_get_checkpoint`. */
export type FoundRow = LiveRow | ArchiveRow;

function toHead(row: HeadRow): CheckpointHead {
  return {
    runId: row.run_id,
    version: Number(row.version), // safe: nobody writes 2^53 versions
    status: row.status,
    agentId: row.agent_id,
    workflowId: row.workflow_id,
    nextStepIndex: row.next_step_index === null ? null : Number(row.next_step_index),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    contentHash: row.content_hash,
    documentBytes: row.document_bytes,
  };
}

/** Reads a row of a list. */
export function toListed(row: HeadRow): ListedCheckpoint {
  return { source: row.source, ...toHead(row) };
}

/** Reads a row of a get. */
export function toFound(row: FoundRow): FoundCheckpoint {
  const head = toHead(row);
  if (row.source === 'live') return { source: 'live', head, documentGzip: row.document };
  const { pack_id: packId, pack_key: key, offset, length, sha256 } = row;
  return { source: 'archive', head, location: { packId, key, offset, length, sha256 } };
}
