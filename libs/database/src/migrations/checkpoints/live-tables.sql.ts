const STATUS = `status text NOT NULL CHECK (status IN ('running', 'paused', 'completed', 'aborted', 'failed'))`;

/** What a version of a checkpoint is told by, apart from its document; the same in the database and in the archive. */
export const HEAD_COLUMNS = `
  ${STATUS}, agent_id text, workflow_id text, next_step_index bigint,
  document_bytes integer NOT NULL CHECK (document_bytes > 0),
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL`;

/** The two columns that name a run; run ids sort by their bytes on every server. */
export const RUN_COLUMNS = 'tenant_id text NOT NULL, run_id text COLLATE "C" NOT NULL';

/**
 * Checkpoints in the database, and what goes with them. A step rewrites a row of `checkpoints`, so nothing that a step
 * changes stands in an index there: with room on its page (fillfactor), the update stays HOT. Hence the queue of what
 * waits for the archive is a table of its own.
 */
export const LIVE_TABLES = [
  `CREATE TABLE checkpoints (
    ${RUN_COLUMNS}, version bigint NOT NULL CHECK (version > 0), ${HEAD_COLUMNS},
    document bytea NOT NULL, is_archived boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, run_id)
  ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_cost_delay = 0)`,
  'ALTER TABLE checkpoints ALTER COLUMN document SET STORAGE EXTERNAL', // it is compressed already
  'CREATE INDEX checkpoints_listed ON checkpoints (tenant_id, created_at DESC, run_id DESC)',
  `CREATE TABLE checkpoint_history (
    ${RUN_COLUMNS}, version bigint NOT NULL CHECK (version > 0), ${HEAD_COLUMNS}, document bytea NOT NULL,
    PRIMARY KEY (tenant_id, run_id, version)
  )`,
  'ALTER TABLE checkpoint_history ALTER COLUMN document SET STORAGE EXTERNAL',
  // A claim changes nothing that stands in an index: with room on the page it makes no new index entries.
  `CREATE TABLE checkpoint_offloads (
    ${RUN_COLUMNS}, version bigint NOT NULL, updated_at timestamptz NOT NULL,
    failures smallint NOT NULL DEFAULT 0, retry_at timestamptz, last_error text, quarantined_at timestamptz,
    owner uuid, epoch bigint NOT NULL DEFAULT 0, lease_until timestamptz,
    PRIMARY KEY (tenant_id, run_id)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)`,
  'CREATE INDEX checkpoint_offloads_waiting ON checkpoint_offloads (tenant_id, updated_at) WHERE quarantined_at IS NULL',
  `CREATE TABLE checkpoint_tombstones (
    ${RUN_COLUMNS}, version bigint NOT NULL, deleted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, run_id)
  )`,
  // A tenant's use is the sum of its shards: its steps do not queue up at one row.
  `CREATE TABLE checkpoint_usage (
    tenant_id text NOT NULL, shard smallint NOT NULL, checkpoints bigint NOT NULL, bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, shard)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)`,
];
