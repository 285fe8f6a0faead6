import { z } from 'zod';
import { MAX_NANO_USD } from '@tollgate/domain';

const MAX_TIME_MS = 253_402_300_800_000; // the year 10000

/** An instant in ms since the epoch. */
export const timeMs = z.int().min(0).max(MAX_TIME_MS);

/** A calendar month in UTC, such as 2026-11. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Must be a month such as 2026-11');

/** An amount of money, in nano-USD. */
export const nanoUsd = z.int().min(0).max(MAX_NANO_USD);

/** The id of a tenant, agent, key or model as the ledger has it. */
export const name = z.string().min(1).max(256);

/** Who did something: an operator's name or a program's. */
export const actor = z.string().regex(/^\P{Cc}{1,200}$/u, 'Must be 1 to 200 characters without controls');

/** Why something was done. */
export const reason = z
  .string()
  .regex(/^[^\p{Cc}]{1,500}$/u, 'Must be 1 to 500 characters without controls')
  .refine((text) => text.trim() !== '', 'Must say something');

/** How many entries a page has at most. */
export const pageLimit = z.int().min(1).max(1000).default(100);
