/** Budgets that are higher for a while, and what tells the gateways when they change. */
export const BUDGET_INCREASES = [
  `CREATE TABLE budget_increases (
    id uuid PRIMARY KEY, tenant_id text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    scope text NOT NULL CHECK (scope ~ '^(t|[ak]:.+)$'),
    amount_nano_usd bigint NOT NULL CHECK (amount_nano_usd BETWEEN 1 AND 9007199254740991),
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500), actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL, cancelled_at timestamptz
  )`,
  'CREATE INDEX budget_increases_tenant ON budget_increases (tenant_id, id)',
  'CREATE INDEX budget_increases_start ON budget_increases (starts_at)',
  'CREATE INDEX budget_increases_end ON budget_increases (ends_at)',
  `CREATE TRIGGER budget_increases_raise_settings_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON budget_increases
   FOR EACH STATEMENT EXECUTE FUNCTION tollgate_raise_settings_version()`,
  // What is in force at an instant, by scope; never more than an amount can be.
  `CREATE FUNCTION tollgate_budget_increases(at timestamptz) RETURNS TABLE (tenant_id text, scope text, increase_nano_usd bigint)
   LANGUAGE sql STABLE AS $$
    SELECT tenant_id, scope, least(sum(amount_nano_usd), 9007199254740991)::bigint FROM budget_increases
    WHERE starts_at <= at AND ends_at > at AND cancelled_at IS NULL GROUP BY 1, 2
  $$`,
];

/** Takes them back. */
export const DROP_BUDGET_INCREASES = [
  'DROP FUNCTION tollgate_budget_increases(timestamptz)',
  'DROP TABLE budget_increases',
];
