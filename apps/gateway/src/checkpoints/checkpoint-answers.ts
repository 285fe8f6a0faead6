import type { listAnswer, listedCheckpoint, writtenAnswer } from '@tollgate/http';
import type { CheckpointPage, ListedCheckpoint } from '@tollgate/stores';
import type { z } from 'zod';
import type { WrittenCheckpoint } from './checkpoints.js';

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
