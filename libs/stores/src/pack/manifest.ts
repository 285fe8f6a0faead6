import { z } from 'zod';
import { PackError } from './pack-error.js';
import type { LineHead } from './line.js';

/** The format that is written, and the latest that is read. */
export const PACK_FORMAT = 1;

/** Everything about an archived checkpoint that the index holds beside its place. */
export interface PackEntryHead extends LineHead {
  readonly status: 'running' | 'paused' | 'completed' | 'aborted' | 'failed';
  readonly agentId: string | null;
  readonly workflowId: string | null;
  readonly nextStepIndex: number | null;
  readonly documentBytes: number;
}

/** Where a checkpoint stands in its pack. */
export interface PackMember {
  readonly runId: string;
  readonly version: number;
  /** Of its gzip member, from the pack's first byte. */
  readonly offset: number;
  /** Of its gzip member. */
  readonly length: number;
  /** Of the line, without its line break. */
  readonly sha256: Buffer;
}

/** A pack's table of contents: members and entries in the same order. */
export interface PackManifest {
  readonly tenantId: string;
  readonly members: readonly PackMember[];
  readonly entries: readonly PackEntryHead[];
}

const count = z.number().int().min(0);
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((hex) => Buffer.from(hex, 'hex'));
const time = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()));

const memberSchema = z.tuple([z.string(), count.min(1), count, count.min(1), sha256]);
const entrySchema = z.object({
  status: z.enum(['running', 'paused', 'completed', 'aborted', 'failed']),
  agent_id: z.string().nullable(),
  workflow_id: z.string().nullable(),
  next_step_index: z.number().int().nullable(),
  document_bytes: count,
  content_hash: sha256,
  created_at: time,
  updated_at: time,
});
const manifestSchema = z.object({
  format: z.literal(PACK_FORMAT),
  tenant_id: z.string(),
  members: z.array(memberSchema).min(1),
  entries: z.array(entrySchema),
});

/** The manifest's own line, without a line break. */
export function formatManifest({ tenantId, members, entries }: PackManifest): string {
  return JSON.stringify({
    format: PACK_FORMAT,
    tenant_id: tenantId,
    members: members.map((member) => [
      member.runId,
      member.version,
      member.offset,
      member.length,
      member.sha256.toString('hex'),
    ]),
    entries: entries.map((entry) => ({
      status: entry.status,
      agent_id: entry.agentId,
      workflow_id: entry.workflowId,
      next_step_index: entry.nextStepIndex,
      document_bytes: entry.documentBytes,
      content_hash: entry.contentHash.toString('hex'),
      created_at: entry.createdAt,
      updated_at: entry.updatedAt,
    })),
  });
}

/**
 * Reads a manifest's line.
 * @throws PackError `format` for a later format, `truncated` when the line is no manifest (the pack was cut before it),
 * `manifest` when it is one and makes no sense
 */
export function parseManifest(line: string): PackManifest {
  const json = parseJson(line);
  if (typeof json !== 'object' || json === null || !('format' in json) || 'run_id' in json)
    throw new PackError('truncated', 'The pack does not end with a manifest.');
  if (typeof json.format === 'number' && json.format > PACK_FORMAT)
    throw new PackError('format', 'The pack has a later format. Use a later Tollgate.');
  const { success, data } = manifestSchema.safeParse(json);
  if (!success || data.members.length !== data.entries.length)
    throw new PackError('manifest', 'The manifest makes no sense.');
  const members = data.members.map(([runId, version, offset, length, hash]) => ({
    ...{ runId, version, offset, length },
    sha256: hash,
  }));
  const entries = data.entries.map((entry, index) => ({
    runId: members[index]?.runId ?? '',
    version: members[index]?.version ?? 0,
    status: entry.status,
    agentId: entry.agent_id,
    workflowId: entry.workflow_id,
    nextStepIndex: entry.next_step_index,
    documentBytes: entry.document_bytes,
    contentHash: entry.content_hash,
    createdAt: entry.created_at,
    updatedAt: entry.updated_at,
  }));
  return { tenantId: data.tenant_id, members, entries };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // JSON's message would quote the line.
    throw new PackError('manifest', 'The last line of the pack is not JSON.');
  }
}
