import pg from 'pg';
import { startTollgate } from '../peers/tollgate.js';
import type { Check, Section } from '../report/section.js';
import type { BenchContext } from '../run/bench-context.js';
import type { BillTotals } from '../run/mock.js';
import { describeProblems } from '../load/generator.js';

const BUDGET_CENTS = 5;
const NANO_USD_PER_CENT = 10_000_000;
/** More than the budget pays for: the last ones must be refused. */
const REQUESTS = 3_000;
const CONNECTIONS = 64;
const REFUSAL = '429 insufficient_quota';
const QUERY_TIMEOUT_MS = 10_000;

/** gpt-4o-mini, nano-USD per token. */
const PRICE = { input: 150, cachedInput: 75, output: 600 } as const;

/** Whether two workers together keep one budget. */
export type BudgetProof = Pick<Section, 'checks' | 'notes' | 'values'>;

/** Runs a small budget dry through two workers and compares the ledger with the model provider's bill. */
export async function proveBudget(context: BenchContext): Promise<BudgetProof> {
  context.say(`two workers, a budget of ${BUDGET_CENTS} cents, ${REQUESTS} requests`);
  try {
    return await runDry(context);
  } catch (error) {
    if (context.cleanup.isOver) throw error;
    const measured = `failed: ${error instanceof Error ? error.message : String(error)}`;
    const check: Check = {
      level: 'must',
      claim: 'budget and ledger are exact',
      measured,
      isReached: undefined,
    };
    return { checks: [check], notes: [], values: {} };
  }
}

async function runDry(context: BenchContext): Promise<BudgetProof> {
  await context.mock.behave({});
  const tollgate = await startTollgate(context, { workers: 2, budgetCents: BUDGET_CENTS });
  try {
    const job = {
      target: tollgate.target,
      kind: 'plain',
      requests: REQUESTS,
      connections: CONNECTIONS,
    } as const;
    const { completed, problems } = await context.generator.load(job);
    const billedNanoUsd = costOf(await context.mock.bill());
    await tollgate.stopGateway();
    const ledgerNanoUsd = await sumOfLedger(tollgate.databaseUrl);
    const budgetNanoUsd = BUDGET_CENTS * NANO_USD_PER_CENT;
    const hasOnlyRefusals = Object.keys(problems).every((problem) => problem === REFUSAL);
    const refused = problems[REFUSAL] ?? 0;
    return {
      checks: [
        must(
          'the ledger equals the bill',
          ledgerNanoUsd === billedNanoUsd,
          `${ledgerNanoUsd} of ${billedNanoUsd} nano-USD`,
        ),
        must(
          'the bill is within the budget',
          billedNanoUsd <= budgetNanoUsd,
          `${billedNanoUsd} of ${budgetNanoUsd} nano-USD`,
        ),
        must(
          'refused for the budget only',
          hasOnlyRefusals && refused > 0,
          describeProblems(problems) || 'nothing refused',
        ),
      ],
      notes: [`budget run: ${completed} calls answered, ${refused} refused`],
      values: { budgetNanoUsd, billedNanoUsd, ledgerNanoUsd, completed, problems },
    };
  } finally {
    await tollgate.stop();
  }
}

function must(claim: string, isReached: boolean, measured: string): Check {
  return { level: 'must', claim, measured, isReached };
}

function costOf({ inputTokens, cachedInputTokens, outputTokens }: BillTotals): number {
  const uncached = inputTokens - cachedInputTokens;
  return uncached * PRICE.input + cachedInputTokens * PRICE.cachedInput + outputTokens * PRICE.output;
}

async function sumOfLedger(databaseUrl: string): Promise<number> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ sum: string }>(
      'SELECT coalesce(sum(cost_nano_usd), 0)::text AS sum FROM usage_events',
    );
    return Number(rows[0]?.sum);
  } finally {
    await client.end();
  }
}
