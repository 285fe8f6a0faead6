import type { CheckpointPage, ListedCheckpoint } from '@tollgate/stores';
import { CHECKPOINT_STATUSES } from '@tollgate/stores';
import { z } from 'zod';
import type { WrittenCheckpoint } from './checkpoints.js';

const serverMembers = {
  run_id: z.string(),
  version: z
    .int()
    .min(1)
    .meta({ description: 'From 1, monotonic for ever. The ETag is this number in quotes.' }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  content_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the document.' }),
};

/** The answer to a PUT. */
export const writtenAnswer = z
  .strictObject(serverMembers)
  .meta({ id: 'WrittenCheckpoint', description: 'What the server knows of a version.' });

/** A checkpoint in a list: everything but its document. */
export const listedCheckpoint = z
  .strictObject({
    ...serverMembers,
    status: z.enum(CHECKPOINT_STATUSES),
    agent_id: z.string().nullable(),
    workflow_id: z.string().nullable(),
    next_step_index: z.int().nullable(),
    document_bytes: z.int(),
    source: z.enum(['live', 'archive']),
  })
  .meta({ id: 'ListedCheckpoint' });

/** The answer to a list. */
export const listAnswer = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(listedCheckpoint),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'CheckpointList' });

/** The body of the answer to a PUT. */
export function formatWritten(runId: string, written: WrittenCheckpoint): z.input<typeof writtenAnswer> {
  return {
    run_id: runId,
    version: written.version,
    created_at: written.createdAt.toISOString(),
    updated_at: written.updatedAt.toISOString(),
    content_hash: written.contentHash.toString('hex'),
  };
}

function formatListed(item: ListedCheckpoint): z.input<typeof listedCheckpoint> {
  return {
    run_id: item.runId,
    version: item.version,
    created_at: item.createdAt.toISOString(),
    updated_at: item.updatedAt.toISOString(),
    content_hash: item.contentHash.toString('hex'),
    status: item.status,
    agent_id: item.agentId,
    workflow_id: item.workflowId,
    next_step_index: item.nextStepIndex,
    document_bytes: item.documentBytes,
    source: item.source,
  };
}

/** The body of the answer to a list. */
export function formatPage({ items, nextCursor }: CheckpointPage): z.input<typeof listAnswer> {
  return { object: 'list', data: items.map(formatListed), next_cursor: nextCursor ?? null };
}
