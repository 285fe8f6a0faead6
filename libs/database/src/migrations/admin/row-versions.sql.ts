const SETTINGS_TABLES = ['tenants', 'agents', 'api_keys'];

/** Raises the edition of a row with each change of it, whoever makes it. */
export const touchOnUpdate = (table: string, columns = ''): string => `
  CREATE TRIGGER ${table}_touch BEFORE UPDATE ${columns} ON ${table}
  FOR EACH ROW EXECUTE FUNCTION tollgate_touch_row()`;

/**
 * Every row has an edition, which no other edition of any row ever has: a row that was deleted and made again is not
 * taken for the old one.
 */
export const ROW_VERSIONS = [
  'CREATE SEQUENCE tollgate_row_versions',
  `CREATE FUNCTION tollgate_touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     NEW.version := nextval('tollgate_row_versions');
     NEW.updated_at := now();
     RETURN NEW;
   END $$`,
  'ALTER TABLE agents ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()',
  'ALTER TABLE api_keys ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()',
  ...SETTINGS_TABLES.flatMap((table) => [
    `ALTER TABLE ${table} ADD COLUMN version bigint NOT NULL DEFAULT nextval('tollgate_row_versions')`,
    touchOnUpdate(table),
  ]),
];

/** Takes them back. */
export const DROP_ROW_VERSIONS = [
  ...SETTINGS_TABLES.flatMap((table) => [
    `DROP TRIGGER ${table}_touch ON ${table}`,
    `ALTER TABLE ${table} DROP COLUMN version`,
  ]),
  'ALTER TABLE agents DROP COLUMN updated_at',
  'ALTER TABLE api_keys DROP COLUMN updated_at',
  'DROP FUNCTION tollgate_touch_row()',
  'DROP SEQUENCE tollgate_row_versions',
];
