import { HEAD_COLUMNS, RUN_COLUMNS } from './live-tables.sql.js';

/** The index of the archive: its packs, which version of which run stands where in them, and what went wrong. */
export const ARCHIVE_TABLES = [
  `CREATE TABLE archive_packs (
    id uuid PRIMARY KEY, tenant_id text NOT NULL, key text NOT NULL UNIQUE,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), size_bytes integer NOT NULL, members integer NOT NULL,
    state text NOT NULL CHECK (state IN ('uploading', 'verified', 'deleting', 'lost')), owner uuid,
    dead_members integer NOT NULL DEFAULT 0, dead_bytes bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), verified_at timestamptz, scrubbed_at timestamptz, delete_after timestamptz
  )`,
  `CREATE TABLE archive_entries (
    ${RUN_COLUMNS}, version bigint NOT NULL CHECK (version > 0),
    pack_id uuid NOT NULL REFERENCES archive_packs (id) ON DELETE RESTRICT,
    "offset" integer NOT NULL CHECK ("offset" >= 0), length integer NOT NULL CHECK (length > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), ${HEAD_COLUMNS},
    is_evicted boolean NOT NULL DEFAULT false, archived_at timestamptz NOT NULL DEFAULT now(),
    restored_at timestamptz, -- the retention counts from here when an operator brought it back
    PRIMARY KEY (tenant_id, run_id)
  )`,
  'CREATE INDEX archive_entries_pack ON archive_entries (pack_id)',
  'CREATE INDEX archive_entries_listed ON archive_entries (tenant_id, created_at DESC, run_id DESC) WHERE is_evicted',
  'CREATE INDEX archive_entries_evictable ON archive_entries (updated_at) WHERE NOT is_evicted',
  `CREATE TABLE archive_alarms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), kind text NOT NULL CHECK (kind IN ('loss', 'corruption')),
    pack_id uuid, key text, detail text, raised_at timestamptz NOT NULL DEFAULT now(), cleared_at timestamptz
  )`,
  // One open alarm for an object, however often it is read.
  'CREATE UNIQUE INDEX archive_alarms_open ON archive_alarms (kind, key) WHERE cleared_at IS NULL',
  'CREATE TABLE archive_identity (id boolean PRIMARY KEY DEFAULT true CHECK (id), archive_id uuid NOT NULL)',
  'INSERT INTO archive_identity (archive_id) VALUES (gen_random_uuid())',
];
