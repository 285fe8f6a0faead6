const IMMUTABLE_TABLES = ['usage_corrections', 'invoices'];

/** Corrections of presumed events, and closed invoices: both are written once. */
export const INVOICES = [
  `CREATE TABLE usage_corrections (
    request_id uuid NOT NULL, attempt smallint NOT NULL, tenant_id text NOT NULL, month text NOT NULL,
    agent_id text, model text NOT NULL,
    presumed jsonb NOT NULL, corrected jsonb NOT NULL, difference_nano_usd bigint NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500), actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    corrected_at timestamptz NOT NULL,
    PRIMARY KEY (request_id, attempt)
  )`,
  'CREATE INDEX usage_corrections_month ON usage_corrections (tenant_id, month, corrected_at)',
  // The content is the text that its hash was made of. The versions are those of the months' totals that it accounts for.
  `CREATE TABLE invoices (
    tenant_id text NOT NULL, month text NOT NULL CHECK (month ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
    total_nano_usd bigint NOT NULL, content text NOT NULL, content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
    ledger_versions jsonb NOT NULL, closed_at timestamptz NOT NULL, closed_by text NOT NULL,
    PRIMARY KEY (tenant_id, month)
  )`,
  'CREATE INDEX invoices_month ON invoices (month, tenant_id)',
  `CREATE FUNCTION tollgate_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$`,
  ...IMMUTABLE_TABLES.map(
    (table) =>
      `CREATE TRIGGER ${table}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
       FOR EACH STATEMENT EXECUTE FUNCTION tollgate_refuse_change()`,
  ),
];

/** Takes them back. */
export const DROP_INVOICES = [
  'DROP TABLE invoices, usage_corrections',
  'DROP FUNCTION tollgate_refuse_change()',
];
