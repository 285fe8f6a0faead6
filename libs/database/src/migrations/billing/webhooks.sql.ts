/** Whom alerts are sent to, and every message with its attempts. An alert's messages are made with its mark, or not at all. */
export const WEBHOOKS = [
  // What the budget was, and how much of it was spent, when the alert was raised.
  'ALTER TABLE budget_alerts ADD COLUMN limit_nano_usd bigint, ADD COLUMN spent_nano_usd bigint',
  `CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY, tenant_id text, url text NOT NULL CHECK (length(url) <= 2000), secret text NOT NULL,
    thresholds smallint[] NOT NULL CHECK (thresholds <@ ARRAY[50, 80, 100]::smallint[] AND cardinality(thresholds) > 0),
    is_enabled boolean NOT NULL, created_at timestamptz NOT NULL
  )`,
  'CREATE INDEX webhook_endpoints_tenant ON webhook_endpoints (tenant_id)',
  `CREATE TABLE webhook_deliveries (
    id text PRIMARY KEY, endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    type text NOT NULL, data jsonb NOT NULL, created_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0, next_attempt_at timestamptz NOT NULL, ended_at timestamptz
  )`,
  "CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE state = 'pending'",
  'CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, created_at, id)',
  `CREATE TABLE webhook_attempts (
    delivery_id text NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE, attempt integer NOT NULL,
    at timestamptz NOT NULL, duration_ms integer NOT NULL, status integer, error text, response text,
    PRIMARY KEY (delivery_id, attempt)
  )`,
  // A gateway marks alerts; whom they are sent to, and with which secret, it may not know.
  `CREATE FUNCTION tollgate_queue_webhooks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
   BEGIN
     INSERT INTO webhook_deliveries (id, endpoint_id, type, data, created_at, next_attempt_at)
     SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), e.id, 'budget.threshold_reached',
       jsonb_build_object('tenant_id', NEW.tenant_id, 'scope', NEW.scope, 'window', NEW."window", 'threshold_percent', NEW.threshold_percent,
         'limit_nano_usd', NEW.limit_nano_usd, 'spent_nano_usd', NEW.spent_nano_usd),
       NEW.raised_at, NEW.raised_at
     FROM webhook_endpoints e
     WHERE e.is_enabled AND (e.tenant_id IS NULL OR e.tenant_id = NEW.tenant_id) AND NEW.threshold_percent = ANY (e.thresholds);
     RETURN NULL;
   END $$`,
  `DO $$ BEGIN EXECUTE format('ALTER FUNCTION tollgate_queue_webhooks() SET search_path = %I, pg_temp', current_schema()); END $$`,
  'REVOKE EXECUTE ON FUNCTION tollgate_queue_webhooks() FROM PUBLIC',
  `CREATE TRIGGER budget_alerts_queue_webhooks AFTER INSERT ON budget_alerts
   FOR EACH ROW EXECUTE FUNCTION tollgate_queue_webhooks()`,
];

/** Takes them back. */
export const DROP_WEBHOOKS = [
  'DROP TRIGGER budget_alerts_queue_webhooks ON budget_alerts',
  'DROP FUNCTION tollgate_queue_webhooks()',
  'DROP TABLE webhook_attempts, webhook_deliveries, webhook_endpoints',
  'ALTER TABLE budget_alerts DROP COLUMN limit_nano_usd, DROP COLUMN spent_nano_usd',
];
