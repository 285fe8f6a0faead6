import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const usd = z.number().nonnegative().max(1_000_000);

const overridesSchema = z.record(
  z.string().min(1).max(200),
  z.strictObject({
    model_provider: z.string().min(1),
    input_usd_per_million: usd,
    output_usd_per_million: usd,
    cached_input_usd_per_million: usd.optional(),
    cache_write_usd_per_million: usd.optional(),
    context_window: z.int().positive().optional(),
    max_output_tokens: z.int().positive().optional(),
  }),
);

/** An operator's prices by model; they win over the catalogue. */
export type PriceOverrides = z.output<typeof overridesSchema>;

// The reasons of the file system and of JSON.parse would name the path and quote the content: they are left out.
function attempt<T>(step: () => T, failure: string): T {
  try {
    return step();
  } catch {
    throw new Error(`PRICE_OVERRIDES_FILE ${failure}`);
  }
}

/** Reads an overrides file and names its version by its content; throws with the place of what is wrong, never a value. */
export function readPriceOverrides(path: string): { overrides: PriceOverrides; version: string } {
  const content = attempt(() => readFileSync(path, 'utf8'), 'cannot be read');
  const json = attempt((): unknown => JSON.parse(content), 'is not JSON');
  const parsed = overridesSchema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join('.') || 'the file').join(', ');
    throw new Error(`PRICE_OVERRIDES_FILE is not valid at: ${places}`);
  }
  return { overrides: parsed.data, version: createHash('sha256').update(content).digest('hex').slice(0, 12) };
}
