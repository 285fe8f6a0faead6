import { touchOnUpdate } from './row-versions.sql.js';

/** Operators' tokens, and the answers to their POSTs for the day in which one may be sent again. */
export const OPERATOR_TABLES = [
  `CREATE TABLE operator_tokens (
    id text PRIMARY KEY, name text NOT NULL, role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
    version bigint NOT NULL DEFAULT nextval('tollgate_row_versions')
  )`,
  // That it was used is no change of a token.
  touchOnUpdate('operator_tokens', 'OF name, role, expires_at, revoked_at'),
  `CREATE TABLE idempotency_records (
    operator text NOT NULL, key text NOT NULL, request_sha256 bytea NOT NULL,
    status smallint NOT NULL, etag text, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (operator, key)
  )`,
  'CREATE INDEX idempotency_records_age ON idempotency_records (created_at)',
];
