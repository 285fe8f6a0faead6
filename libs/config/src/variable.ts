import { z } from 'zod';

/** Where a variable stands in the reference page. */
export type Section =
  | 'Process'
  | 'Stores'
  | 'Checkpoints'
  | 'Archive'
  | 'Offloader'
  | 'Admin API'
  | 'Model providers'
  | 'Tenants'
  | 'Vault'
  | 'Calls';

/** One environment variable: how its text becomes a value, what holds when it is unset, and what it is for. */
export interface Variable<T> {
  readonly schema: z.ZodType<T, string>;
  readonly fallback: T;
  readonly section: Section;
  readonly doc: string;
  /** The legal values in words, for messages and the reference page. */
  readonly format: string;
  /** A secret can also come from the file named by `<NAME>_FILE`. */
  readonly secret: boolean;
}

/** A variable's description, shared by all kinds. */
export interface Description {
  readonly section: Section;
  readonly doc: string;
  readonly secret?: boolean;
}

function variable<T>(
  schema: z.ZodType<T, string>,
  fallback: T,
  format: string,
  description: Description,
): Variable<T> {
  return { schema, fallback, format, secret: false, ...description };
}

/** A whole number within bounds; no sign, no exponent, no blanks. */
export function integer<F extends number | undefined>(
  fallback: F,
  min: number,
  max: number,
  description: Description,
): Variable<number | F> {
  const schema = z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
  return variable<number | F>(schema, fallback, `whole number, ${min} to ${max}`, description);
}

/** One of a few words. */
export function oneOf<const W extends string, F extends W | undefined>(
  words: readonly W[],
  fallback: F,
  description: Description,
): Variable<W | F> {
  const schema = z.string().refine((text): text is W => (words as readonly string[]).includes(text));
  return variable<W | F>(schema, fallback, words.map((word) => `\`${word}\``).join(', '), description);
}

/** `true` or `false`. */
export function flag(fallback: boolean, description: Description): Variable<boolean> {
  const schema = z.enum(['true', 'false']).transform((text) => text === 'true');
  return variable<boolean>(schema, fallback, '`true`, `false`', description);
}

/** Any text without control characters. */
export function text<F extends string | undefined>(
  fallback: F,
  description: Description,
): Variable<string | F> {
  return variable<string | F>(z.string().regex(/^[^\u0000-\u001f\u007f]+$/), fallback, 'text', description);
}

/** Any text that holds up to a test. */
export function checkedText(
  fallback: string,
  format: string,
  isLegal: (value: string) => boolean,
  description: Description,
): Variable<string> {
  return variable<string>(z.string().refine(isLegal), fallback, format, description);
}

/** Comma-separated words; blanks around them are dropped. */
export function list(description: Description): Variable<readonly string[]> {
  const schema = z.string().transform((value): readonly string[] =>
    value
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  );
  return variable<readonly string[]>(schema, [], 'comma-separated list', description);
}

/** An absolute URL of one of the given schemes (`https:`). */
export function url<F extends string | undefined>(
  schemes: readonly string[],
  fallback: F,
  description: Description,
): Variable<string | F> {
  const schema = z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol));
  return variable<string | F>(
    schema,
    fallback,
    `URL (${schemes.map((scheme) => `\`${scheme}//\``).join(' or ')})`,
    description,
  );
}
