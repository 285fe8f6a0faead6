import { Controller, Get, Req } from '@nestjs/common';
import { formatUsd, monthEndMs, monthOf } from '@tollgate/domain';
import { BudgetStore, Ledger, type UsageLine } from '@tollgate/stores';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { FastifyRequest } from 'fastify';
import { authenticate } from '../call/authenticate.js';

const money = (name: string, nanoUsd: number | null): Record<string, string | number | null> => ({
  [`${name}_usd`]: nanoUsd === null ? null : formatUsd(nanoUsd),
  [`${name}_nano_usd`]: nanoUsd,
});

function formatLine(line: UsageLine): object {
  return {
    agent_id: line.agentId,
    model: line.model,
    calls: line.calls,
    input_tokens: line.inputTokens,
    output_tokens: line.outputTokens,
    ...money('cost', line.costNanoUsd),
  };
}

/** GET /v1/usage: the month of the caller's own tenant; money in decimal dollars and in nano-dollars. */
@Controller('v1/usage')
export class UsageController {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly budgets: BudgetStore,
    private readonly ledger: Ledger,
  ) {}

  @Get()
  async read(@Req() request: FastifyRequest): Promise<object> {
    const { tenant } = authenticate(request.raw, this.directory);
    const month = monthOf(Date.now());
    const [windows, lines] = await Promise.all([
      this.budgets.readWindows(tenant.id, [{ scope: 't', window: month }]),
      this.ledger.readUsage(tenant.id, month),
    ]);
    const { settledNanoUsd, heldNanoUsd } = windows[0] ?? { settledNanoUsd: 0, heldNanoUsd: 0 };
    const budget = tenant.limits.budgetNanoUsd ?? null;
    return {
      object: 'usage',
      tenant_id: tenant.id,
      month,
      resets_at: new Date(monthEndMs(month)).toISOString(),
      ...money('budget', budget),
      ...money('spent', settledNanoUsd),
      ...money('held', heldNanoUsd),
      ...money('remaining', budget === null ? null : Math.max(0, budget - settledNanoUsd - heldNanoUsd)),
      by_agent_and_model: lines.map(formatLine),
    };
  }
}
