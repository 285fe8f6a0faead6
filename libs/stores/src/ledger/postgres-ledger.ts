import type { Pool } from 'pg';
import { firstUuidAt, monthEndMs, monthOfUuidV7, monthStartMs } from '@tollgate/domain';
import { APPEND_SQL, EVENT_COLUMNS, REPLACE_PRESUMED_SQL, fieldOf } from './append.sql.js';
import { Ledger, type AlertMark, type UsageLine } from './ledger.js';
import type { ScopeTotal, ScopeWindow } from './scope-total.js';
import { FINAL_ATTEMPT, windowsOf, type UsageEvent } from './usage-event.js';

type Row = Record<string, unknown>;

const COLUMNS = Object.keys(EVENT_COLUMNS)
  .filter((name) => name !== 'month')
  .map((name) => [name, fieldOf(name) as keyof UsageEvent] as const);
const BIGINT_COLUMNS = new Set(
  Object.entries(EVENT_COLUMNS)
    .filter(([, type]) => type === 'bigint')
    .map(([name]) => name),
);

const toRow = (event: UsageEvent): object => ({ ...event, month: monthOfUuidV7(event.requestId) });

function toEvent(row: Row): UsageEvent {
  const event: Row = {};
  // Safe: the amounts are bounded by MAX_NANO_USD, the token counts by the context windows.
  for (const [column, field] of COLUMNS)
    event[field] = BIGINT_COLUMNS.has(column) ? Number(row[column]) : row[column];
  return event as unknown as UsageEvent;
}

function toTotal(row: Row): ScopeTotal {
  return {
    tenantId: String(row['tenant_id']),
    scope: String(row['scope']),
    window: String(row['window']),
    totalNanoUsd: Number(row['total_nano_usd']),
    version: Number(row['version']),
  };
}

/** The ledger in Postgres, written in group commits of one statement each. */
export class PostgresLedger extends Ledger {
  constructor(private readonly pool: Pool) {
    super();
  }

  async append(events: readonly UsageEvent[]): Promise<ScopeTotal[]> {
    const rows = events.map(toRow);
    const { rows: raised } = await this.pool.query<Row>({
      name: 'ledger-append',
      text: APPEND_SQL,
      values: [JSON.stringify(rows)],
    });
    if (raised[0]?.['inserted'] === events.length) return raised.map(toTotal);
    for (const row of rows)
      await this.pool.query({
        name: 'ledger-replace',
        text: REPLACE_PRESUMED_SQL,
        values: [JSON.stringify([row])],
      });
    const byTenant = Map.groupBy(events, (event) => event.tenantId);
    const totals = await Promise.all(
      [...byTenant].map(([tenantId, group]) =>
        this.readTotals(
          tenantId,
          group.flatMap((event) => windowsOf(event, monthOfUuidV7(event.requestId))),
        ),
      ),
    );
    return totals.flat();
  }

  async readTotals(tenantId: string, windows: readonly ScopeWindow[]): Promise<ScopeTotal[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'ledger-totals',
      text: `SELECT $1::text AS tenant_id, w.scope, w."window", coalesce(b.total_nano_usd, 0) AS total_nano_usd, coalesce(b.version, 0) AS version
             FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS w (scope, "window", position)
             LEFT JOIN budget_totals b ON b.tenant_id = $1 AND b.scope = w.scope AND b."window" = w."window"
             ORDER BY w.position`,
      values: [tenantId, windows.map(({ scope }) => scope), windows.map(({ window }) => window)],
    });
    return rows.map(toTotal);
  }

  async listEvents(requestId: string): Promise<UsageEvent[]> {
    const { rows } = await this.pool.query<Row>(
      'SELECT * FROM usage_events WHERE request_id = $1 ORDER BY attempt LIMIT 100',
      [requestId],
    );
    return rows.map(toEvent);
  }

  async readUsage(tenantId: string, month: string): Promise<UsageLine[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT agent_id, model, count(*) FILTER (WHERE attempt = ${FINAL_ATTEMPT}) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost_nano_usd) AS cost_nano_usd
       FROM usage_events WHERE tenant_id = $1 AND request_id >= $2 AND request_id < $3
       GROUP BY agent_id, model HAVING bool_or(attempt = ${FINAL_ATTEMPT}) OR sum(cost_nano_usd) > 0
       ORDER BY cost_nano_usd DESC, agent_id, model LIMIT 1000`,
      [tenantId, firstUuidAt(monthStartMs(month)), firstUuidAt(monthEndMs(month))],
    );
    return rows.map((row) => ({
      agentId: row['agent_id'] as string | null,
      model: String(row['model']),
      calls: Number(row['calls']),
      inputTokens: Number(row['input_tokens']),
      outputTokens: Number(row['output_tokens']),
      costNanoUsd: Number(row['cost_nano_usd']),
    }));
  }

  async markAlert(mark: AlertMark): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'INSERT INTO budget_alerts (tenant_id, scope, "window", threshold_percent, limit_nano_usd, spent_nano_usd) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
      [mark.tenantId, mark.scope, mark.window, mark.thresholdPercent, mark.limitNanoUsd, mark.spentNanoUsd],
    );
    return rowCount === 1;
  }

  async prepareMonths(): Promise<void> {
    await this.pool.query('SELECT tollgate_prepare_usage_months(now())');
  }
}
