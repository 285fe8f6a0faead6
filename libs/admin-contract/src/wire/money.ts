import { MAX_NANO_USD, formatUsd, parseUsd } from '@tollgate/domain';
import { z } from 'zod';

const usd = z
  .string()
  .regex(
    /^\d{1,7}(\.\d{1,9})?$/,
    'must be dollars as a decimal text, such as "12.5", with at most nine decimals',
  )
  .refine((text) => parseUsd(text) !== undefined, 'is more than can be kept exactly')
  .meta({ description: 'US dollars as an exact decimal.' });
const nanoUsd = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(MAX_NANO_USD, 'is more than can be kept exactly')
  .meta({ description: 'Nano-dollars (1e-9 $).' });
const optionalUsd = usd.nullable().optional();
const optionalNanoUsd = nanoUsd.nullable().optional();

type Amount<N extends string, U, I> = { readonly [K in `${N}_usd`]: U } & {
  readonly [K in `${N}_nano_usd`]: I;
};

/** The two members of an amount that a request may name, either or both; null unsets it. */
export function amountInput<const N extends string>(
  name: N,
): Amount<N, typeof optionalUsd, typeof optionalNanoUsd> {
  // Safe: the computed keys are those of the type.
  return { [`${name}_usd`]: optionalUsd, [`${name}_nano_usd`]: optionalNanoUsd } as never;
}

const answerUsd = z.string().nullable();
const answerNanoUsd = z.int().nullable();

/** The two members of an amount in an answer; null: there is none. */
export function amountAnswer<const N extends string>(
  name: N,
): Amount<N, typeof answerUsd, typeof answerNanoUsd> {
  return { [`${name}_usd`]: answerUsd, [`${name}_nano_usd`]: answerNanoUsd } as never;
}

/** An amount as an answer has it. */
export function formatAmount<const N extends string>(
  name: N,
  amount: number | null | undefined,
): Amount<N, string | null, number | null> {
  const known = amount ?? undefined;
  return {
    [`${name}_usd`]: known === undefined ? null : formatUsd(known),
    [`${name}_nano_usd`]: known ?? null,
  } as never;
}

/** The amount that a request names by either of its members; undefined when by none. */
export function readAmount(body: Readonly<Record<string, unknown>>, name: string): number | null | undefined {
  const nano = body[`${name}_nano_usd`];
  if (typeof nano === 'number') return nano;
  const text = body[`${name}_usd`];
  if (typeof text === 'string') return parseUsd(text);
  return nano === null || text === null ? null : undefined;
}

/** A check for a body with amounts: their two members may not say different things. */
export function amountsAgree(
  names: readonly string[],
): (body: Record<string, unknown>, context: z.core.$RefinementCtx) => void {
  return (body, context) => {
    for (const name of names) {
      const [text, nano] = [body[`${name}_usd`], body[`${name}_nano_usd`]];
      if (text === undefined || nano === undefined) continue;
      const amount = typeof text === 'string' ? parseUsd(text) : null;
      if (amount !== nano)
        context.addIssue({ code: 'custom', path: [`${name}_usd`], message: `differs from ${name}_nano_usd` });
    }
  };
}
