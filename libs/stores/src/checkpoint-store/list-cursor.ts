import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';
import type { CheckpointHead, ListedCheckpoint } from './checkpoint.js';
import type { CheckpointPage } from './checkpoint-store.js';

const MAX_CURSOR_LENGTH = 1000;
const position = z.tuple([z.int().min(0).max(8.64e15), z.string().max(200)]);

/** The place in a list after a checkpoint: lists go by creation, newest first, and then by run id, backwards. */
export interface ListPosition {
  readonly createdAt: Date;
  readonly runId: string;
}

function decode(cursor: string): unknown {
  if (cursor.length > MAX_CURSOR_LENGTH) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined; // judged below, as anything else that is no cursor
  }
}

/**
 * Reads a cursor.
 * @throws TollgateError `invalid_request`
 */
export function parseCursor(cursor: string | undefined): ListPosition | undefined {
  if (cursor === undefined) return undefined;
  const { success, data } = position.safeParse(decode(cursor));
  if (!success)
    throw new TollgateError('invalid_request', 'cursor must be the next_cursor of a page.', {
      param: 'cursor',
    });
  return { createdAt: new Date(data[0]), runId: data[1] };
}

function formatCursor({ createdAt, runId }: CheckpointHead): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), runId])).toString('base64url');
}

/** A page out of one item more than it may have, which tells that there are more. */
export function toPage(items: readonly ListedCheckpoint[], limit: number): CheckpointPage {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return items.length > limit && last ? { items: page, nextCursor: formatCursor(last) } : { items: page };
}
