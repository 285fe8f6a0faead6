import { CHECKPOINT_STATUSES } from '@tollgate/stores';
import { z } from 'zod';

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
  .meta({ description: 'What the server knows of a version.' });

/** A checkpoint in a list: everything but its document. */
export const listedCheckpoint = z.strictObject({
  ...serverMembers,
  status: z.enum(CHECKPOINT_STATUSES),
  agent_id: z.string().nullable(),
  workflow_id: z.string().nullable(),
  next_step_index: z.int().nullable(),
  document_bytes: z.int(),
  source: z.enum(['live', 'archive']),
});

/** The answer to a list. */
export const listAnswer = z.strictObject({
  object: z.literal('list'),
  data: z.array(listedCheckpoint),
  next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
});
