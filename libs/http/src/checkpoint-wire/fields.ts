import { CHECKPOINT_STATUSES } from '@tollgate/stores';
import { z } from 'zod';

/** What an agent may be called, as in `x-agent-id`. */
const AGENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/;

const shortText = z
  .string()
  .regex(/^[^\u0000-\u001f\u007f]{1,200}$/, 'must be 1 to 200 characters, none of them control characters')
  .refine((text) => text.isWellFormed(), 'must be Unicode text');
const time = z.iso.datetime({ offset: true, local: true, error: 'must be a date and time of ISO 8601' });

/** The members of a checkpoint that Tollgate knows; all others are kept as they are. */
export const checkpointFields = z
  .looseObject({
    workflow_id: shortText.nullable().optional().meta({ description: 'What the run executes.' }),
    agent_id: z
      .string()
      .regex(AGENT_NAME, 'must be 1 to 128 letters, digits or . _ : @ / -')
      .nullable()
      .optional()
      .meta({ description: "Whose run it is. Absent: the key's agent, or that of x-agent-id." }),
    status: z
      .enum(CHECKPOINT_STATUSES)
      .default('running')
      .meta({ description: 'In `completed`, `aborted` and `failed` the run waits for the archive.' }),
    next_step_index: z.int().min(0).nullable().optional().meta({ description: 'Where the run goes on.' }),
    step_outputs: z.unknown().optional().meta({ description: 'Whatever the steps gave: any JSON.' }),
    last_result_hash: shortText.nullable().optional(),
    metadata: z.looseObject({}).nullable().optional(),
    started_at: time.nullable().optional().meta({ description: 'ISO 8601, with or without a zone.' }),
    ended_at: time.nullable().optional().meta({ description: 'ISO 8601, with or without a zone.' }),
  })
  .meta({ description: 'A checkpoint as an agent writes it: one JSON object.' });

/** The known members of a checkpoint. */
export type CheckpointFields = z.output<typeof checkpointFields>;
