import { TollgateError } from '@tollgate/domain';

/** The budget store cannot answer: calls are refused with 503, or pass marked when failing open is allowed. */
export class BudgetStoreUnavailableError extends TollgateError {
  constructor(cause: unknown) {
    super(
      'budget_store_unavailable',
      'Budgets cannot be checked right now. Nothing was spent; try again shortly.',
      {
        retryAfterMs: 1000,
        cause,
      },
    );
  }
}
