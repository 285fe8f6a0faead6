import { flag, integer, oneOf } from './variable.js';

const section = 'Checkpoints';

/** Variables of the checkpoint API. */
export const checkpointVariables = {
  CHECKPOINT_STORE: oneOf(['postgres', 'memory'], undefined, {
    section,
    doc: 'Where live checkpoints are kept. Unset: `postgres`. `memory` loses them when the process ends.',
  }),
  CHECKPOINT_MAX_MIB: integer(16, 1, 16, {
    section,
    doc: 'Largest checkpoint, in MiB, as it is sent. MAX_BODY_MIB bounds it too.',
  }),
  CHECKPOINT_KEEP_VERSIONS: integer(1, 1, 1000, {
    section,
    doc: 'Versions of a live checkpoint that can be read (`?version=`), the latest included.',
  }),
  DEFAULT_TENANT_CHECKPOINTS: integer(1_000_000, 0, 1_000_000_000_000, {
    section,
    doc: 'Live checkpoints that a tenant may have; those that are in the archive alone do not count.',
  }),
  DEFAULT_TENANT_CHECKPOINT_MIB: integer(10_240, 0, 1_000_000_000, {
    section,
    doc: 'MiB that they may take in the database, compressed.',
  }),
  NAMED_STATEMENTS: flag(true, {
    section: 'Stores',
    doc: 'Whether statements are prepared by name. `false` for a pooler in transaction mode that keeps none; set `statement_timeout` on the user then.',
  }),
};
