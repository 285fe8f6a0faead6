import { z } from 'zod';
import { monthEndMs, monthOf, monthStartMs, type Clock } from '@tollgate/domain';
import { month, name } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import type { UsageReader } from '../usage/usage-reader.js';
import { forecastMonth, HISTORY_DAYS, type Forecast } from './forecast-month.js';

const DAY_MS = 86_400_000;

const forecastQuery = z.strictObject({
  tenantId: name,
  agentId: name.optional(),
  keyId: name.optional(),
  month: month.optional(),
});

/** Whose spend is to be forecast, of a tenant or of one of its agents or keys; the month is the current one by default. */
export type ForecastQuery = z.input<typeof forecastQuery>;

/** Forecasts what a month will have cost, from the ledger. */
export class SpendForecast {
  constructor(private readonly options: { readonly usage: UsageReader; readonly clock: Clock }) {}

  /** @throws BillingError `invalid_input` */
  async read(input: ForecastQuery): Promise<Forecast> {
    const nowMs = this.options.clock.now();
    const { tenantId, agentId, keyId, month: ofMonth = monthOf(nowMs) } = parseInput(forecastQuery, input);
    const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const { rows } = await this.options.usage.readPage({
      fromMs: Math.min(monthStartMs(ofMonth), today - HISTORY_DAYS * DAY_MS),
      toMs: Math.max(monthEndMs(ofMonth), today + DAY_MS),
      bucket: 'day',
      filters: {
        tenant: [tenantId],
        ...(agentId === undefined ? {} : { agent: [agentId] }),
        ...(keyId === undefined ? {} : { key: [keyId] }),
      },
      limit: 1000,
    });
    const spentByDay = new Map(rows.map((row) => [row.bucketMs ?? 0, row.costNanoUsd]));
    return forecastMonth({ month: ofMonth, nowMs, spentByDay });
  }
}
