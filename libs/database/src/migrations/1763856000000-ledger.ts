import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage events by month, the running totals over them, and the alerts that were raised. */
export class Ledger1763856000000 implements MigrationInterface {
  readonly name = 'Ledger1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    // Partitioned by the request id itself: a UUID version 7 begins with its time, so the key that makes an event
    // unique also says which month it belongs to.
    await runner.query(`
      CREATE TABLE usage_events (
        request_id uuid NOT NULL, attempt smallint NOT NULL,
        tenant_id text NOT NULL, key_id text NOT NULL, agent_id text, run_id text, task_type text, month text NOT NULL,
        model_asked text NOT NULL, model text NOT NULL, model_provider text NOT NULL,
        input_tokens bigint NOT NULL, cached_input_tokens bigint NOT NULL, cache_write_tokens bigint NOT NULL, input_audio_tokens bigint NOT NULL,
        output_tokens bigint NOT NULL, output_audio_tokens bigint NOT NULL,
        cost_nano_usd bigint NOT NULL CHECK (cost_nano_usd >= 0), price_version text NOT NULL,
        status text NOT NULL CHECK (status IN ('completed', 'aborted', 'failed', 'presumed')), error_code text,
        usage_source text NOT NULL CHECK (usage_source IN ('reported', 'counted', 'none')),
        streamed boolean NOT NULL, latency_ms integer NOT NULL, first_token_ms integer, config_hash text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (request_id, attempt)
      ) PARTITION BY RANGE (request_id)`);
    await runner.query('CREATE INDEX usage_events_tenant ON usage_events (tenant_id, request_id)');
    // Ids of a month nobody prepared (a clock that is far off) are kept, not refused.
    await runner.query('CREATE TABLE usage_events_other PARTITION OF usage_events DEFAULT');
    await runner.query(`
      CREATE FUNCTION tollgate_first_uuid(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      $$`);
    await runner.query(`
      CREATE FUNCTION tollgate_prepare_usage_months(around timestamptz) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        first timestamptz := date_trunc('month', around AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
        month timestamptz; partition text;
      BEGIN
        FOR i IN -1..2 LOOP
          month := (first AT TIME ZONE 'UTC' + make_interval(months => i)) AT TIME ZONE 'UTC';
          partition := 'usage_events_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
          CONTINUE WHEN to_regclass(partition) IS NOT NULL;
          PERFORM pg_advisory_xact_lock(hashtext('tollgate_prepare_usage_months'));
          EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF usage_events FOR VALUES FROM (%L) TO (%L)', partition,
            tollgate_first_uuid(month), tollgate_first_uuid((month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
        END LOOP;
      END $$`);
    await runner.query('SELECT tollgate_prepare_usage_months(now())');
    // A busy tenant's row changes with every group commit: room on the page keeps those updates HOT.
    await runner.query(`
      CREATE TABLE budget_totals (
        tenant_id text NOT NULL, scope text NOT NULL, "window" text NOT NULL,
        total_nano_usd bigint NOT NULL, version bigint NOT NULL,
        PRIMARY KEY (tenant_id, scope, "window")
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)`);
    await runner.query(`
      CREATE TABLE budget_alerts (
        tenant_id text NOT NULL, scope text NOT NULL, "window" text NOT NULL, threshold_percent smallint NOT NULL,
        raised_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, scope, "window", threshold_percent)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE budget_alerts, budget_totals, usage_events');
    await runner.query(
      'DROP FUNCTION tollgate_prepare_usage_months(timestamptz), tollgate_first_uuid(timestamptz)',
    );
  }
}
