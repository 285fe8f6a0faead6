import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { amountAnswer, amountInput } from './money.js';

/** Any text that a list is searched for, or filtered by; Postgres takes no NUL, and names have no control characters. */
export const plainText = z
  .string()
  .regex(/^\P{Cc}{0,200}$/u, 'must be at most 200 characters, none of them control characters');

/** A time in an answer. */
export const time = z.iso.datetime().meta({ description: 'RFC 3339, in UTC.' });

/** A time in a request: with its zone. */
export const timeInput = z.iso.datetime({
  offset: true,
  error: 'must be a date and time of RFC 3339, with its zone',
});

/** A time as an answer has it. */
export function formatTime(timeMs: number): string;
/** None is null. */
export function formatTime(timeMs: number | undefined): string | null;
export function formatTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

const countInput = settingFields.count.nullable().optional();
const countAnswer = z.int().nullable();

/** Limits that a request names; null unsets one, and 0 allows nothing. */
export const limitsInput = {
  requests_per_minute: countInput,
  tokens_per_minute: countInput.meta({ description: 'Input and output together.' }),
  max_concurrency: countInput.meta({ description: 'Calls at the same time.' }),
};

/** Limits with the budget of a calendar month. */
export const budgetLimitsInput = { ...amountInput('budget'), ...limitsInput };

/** Limits in an answer; null: none of its own. */
export const budgetLimitsAnswer = {
  ...amountAnswer('budget'),
  requests_per_minute: countAnswer,
  tokens_per_minute: countAnswer,
  max_concurrency: countAnswer,
};
