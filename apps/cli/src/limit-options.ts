import { Option } from 'commander';
import { centsToNanoUsd, formatUsd, type Limits } from '@tollgate/domain';
import { numberOption } from './number-option.js';

/** Bounds of an amount in cents; the largest is $9 million. */
export const CENTS = { min: 0, max: 900_000_000 };

const COUNT = { min: 0, max: 1_000_000_000_000 };

/** The options that set limits, as commander parses them. */
export interface LimitOptions {
  readonly budgetCents?: number;
  readonly rateLimit?: number;
  readonly tokensPerMinute?: number;
  readonly maxConcurrency?: number;
}

/** `--budget-cents` and its siblings, for tenants, agents and keys alike. */
export function limitOptions(): Option[] {
  return [
    numberOption('--budget-cents <n>', 'budget per calendar month (UTC), in cents; 0 allows nothing', CENTS),
    numberOption('--rate-limit <n>', 'requests per minute', COUNT),
    numberOption('--tokens-per-minute <n>', 'tokens per minute, input and output together', COUNT),
    numberOption('--max-concurrency <n>', 'calls at the same time', COUNT),
  ];
}

/** An amount of an option in nano-USD; undefined when the option was not given. */
export function toNanoUsd(cents: number | undefined): number | undefined {
  return cents === undefined ? undefined : centsToNanoUsd(cents);
}

/** The limits that the options ask for. */
export function toLimits(options: LimitOptions): Limits {
  return {
    budgetNanoUsd: toNanoUsd(options.budgetCents),
    requestsPerMinute: options.rateLimit,
    tokensPerMinute: options.tokensPerMinute,
    maxConcurrency: options.maxConcurrency,
  };
}

/** An amount in dollars, or what stands for none. */
export function formatMoney(nanoUsd: number | undefined, none = '-'): string {
  return nanoUsd === undefined ? none : `$${formatUsd(nanoUsd)}`;
}

/** The headings that belong to `limitCells`. */
export const LIMIT_HEADINGS = ['BUDGET/MONTH', 'REQUESTS/MIN', 'TOKENS/MIN', 'CONCURRENCY'];

/** Limits as cells of a table; `none` stands for those that are not set. */
export function limitCells(limits: Limits, none = '-'): string[] {
  return [
    formatMoney(limits.budgetNanoUsd, none),
    limits.requestsPerMinute?.toString() ?? none,
    limits.tokensPerMinute?.toString() ?? none,
    limits.maxConcurrency?.toString() ?? '-',
  ];
}

/** A time as text, or what stands for none. */
export function formatTime(timeMs: number | undefined): string {
  return timeMs === undefined ? '-' : new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
