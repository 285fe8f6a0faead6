import { z } from 'zod';
import { MAX_NANO_USD } from '@tollgate/domain';
import { actor, name, nanoUsd, reason, timeMs } from '../input-shapes.js';

const scope = z.string().regex(/^(t|[ak]:.{1,256})$/, 'Must be t, a:<agent> or k:<key>');

/** An increase to be granted. */
export const increaseDraft = z
  .strictObject({
    tenantId: name,
    scope: scope.default('t'),
    amountNanoUsd: z.int().min(1).max(MAX_NANO_USD),
    startsAtMs: timeMs.optional(),
    endsAtMs: timeMs,
    reason,
    actor,
  })
  .refine(({ startsAtMs, endsAtMs }) => startsAtMs === undefined || startsAtMs < endsAtMs, {
    error: 'Must be after the start',
    path: ['endsAtMs'],
  });

/**
 * An increase of a budget until `endsAtMs`, from `startsAtMs` (default: now) on. Its scope is the tenant (`t`, the default),
 * an agent (`a:<id>`) or a key (`k:<id>`). Several at the same time add up.
 */
export type IncreaseDraft = z.input<typeof increaseDraft>;

/** Whose budget, at which instant, and what it is without increases; undefined: no limit. */
export const effectiveQuery = z.strictObject({
  tenantId: name,
  scope: scope.default('t'),
  atMs: timeMs,
  budgetNanoUsd: nanoUsd.optional(),
});

/** An increase that was granted; times in ms since the epoch. */
export interface BudgetIncrease {
  readonly id: string;
  readonly tenantId: string;
  readonly scope: string;
  readonly amountNanoUsd: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly reason: string;
  readonly actor: string;
  readonly createdAtMs: number;
  /** Since when it is not in force, whatever its end; undefined when nobody took it back. */
  readonly cancelledAtMs: number | undefined;
}
