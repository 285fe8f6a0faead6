import { Controller, Inject } from '@nestjs/common';
import { BASE_PATH, budgetOperations, formatAmount, formatTime, readAmount } from '@tollgate/admin-contract';
import type { AdminSettings } from '@tollgate/config';
import { monthEndMs, monthOf, systemClock } from '@tollgate/domain';
import { BudgetIncreases, Ledger, SpendForecast, UsageReader, type Forecast } from '@tollgate/stores';
import { TenantEditor, tenantDefaults, type EditedTenant } from '@tollgate/tenant-config';
import { Pool } from 'pg';
import { Changes } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { SETTINGS } from '../tokens.js';
import { HeldMoney } from './held-money.js';

interface Standing {
  readonly month: string;
  readonly settledNanoUsd: number;
  readonly heldNanoUsd: number | undefined;
  readonly increaseNanoUsd: number;
  readonly forecast: Forecast;
}

/** The budget of a tenant, and where it stands. */
@Controller(BASE_PATH)
export class BudgetController {
  constructor(
    @Inject(SETTINGS) private readonly settings: AdminSettings,
    private readonly pool: Pool,
    private readonly changes: Changes,
    private readonly ledger: Ledger,
    private readonly held: HeldMoney,
  ) {}

  @Serves(budgetOperations.read)
  async read(@Call() { params }: CallOf<typeof budgetOperations.read>): Promise<Answer> {
    const tenant = await new TenantEditor(this.pool).get(params.tenant_id);
    return answerOf(this.#describe(tenant, await this.#readStanding(tenant.id)), tenant.version);
  }

  @Serves(budgetOperations.replace)
  async replace(@Call() call: CallOf<typeof budgetOperations.replace>): Promise<Answer> {
    const id = call.params.tenant_id;
    const standing = await this.#readStanding(id);
    const limits = { budgetNanoUsd: readAmount(call.body, 'budget') };
    return this.changes.make(call, async (client) => {
      const { before, after } = await new TenantEditor(client).update(id, call.version, { limits });
      return {
        body: this.#describe(after, standing),
        version: after.version,
        audit: {
          action: 'budget.replace',
          targetType: 'budget',
          targetId: id,
          tenantId: id,
          before: formatAmount('budget', before.limits.budgetNanoUsd),
          after: formatAmount('budget', after.limits.budgetNanoUsd),
        },
      };
    });
  }

  async #readStanding(id: string): Promise<Standing> {
    const month = monthOf(systemClock.now());
    const clock = systemClock;
    const { pool } = this;
    const [totals, heldNanoUsd, increaseNanoUsd = 0, forecast] = await Promise.all([
      this.ledger.readTotals(id, [{ scope: 't', window: month }]),
      this.held.find(id, month),
      new BudgetIncreases({ pool, clock }).readEffective({
        tenantId: id,
        atMs: clock.now(),
        budgetNanoUsd: 0,
      }),
      new SpendForecast({ usage: new UsageReader({ pool }), clock }).read({ tenantId: id }),
    ]);
    return {
      month,
      settledNanoUsd: totals[0]?.totalNanoUsd ?? 0,
      heldNanoUsd,
      increaseNanoUsd,
      forecast,
    };
  }

  #describe({ id, limits }: EditedTenant, standing: Standing): object {
    const { month, settledNanoUsd, heldNanoUsd, increaseNanoUsd, forecast } = standing;
    const budget = limits.budgetNanoUsd ?? tenantDefaults(this.settings.env).limits.budgetNanoUsd;
    const spent = settledNanoUsd + (heldNanoUsd ?? 0);
    const remaining = budget === undefined ? null : Math.max(0, budget + increaseNanoUsd - spent);
    return {
      tenant_id: id,
      month,
      resets_at: formatTime(monthEndMs(month)),
      ...formatAmount('budget', budget),
      ...formatAmount('increase', increaseNanoUsd),
      source: limits.budgetNanoUsd === undefined ? 'default' : 'database',
      ...formatAmount('settled', settledNanoUsd),
      ...formatAmount('held', heldNanoUsd),
      ...formatAmount('remaining', remaining),
      ...formatAmount('forecast', forecast.forecastNanoUsd),
      forecast_days: forecast.basedOnDays,
    };
  }
}
