import { isDeepStrictEqual } from 'node:util';
import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';

/** The two wires that are translated into each other. */
export type Wire = 'OpenAI' | 'Anthropic';

type JsonObject = Record<string, unknown>;

/** An issue of zod, with the branches of a union that failed. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[] | undefined;
  readonly errors?: readonly (readonly Issue[])[] | undefined;
  readonly discriminator?: string | undefined;
}

const MAX_PARAM_CHARS = 200;
/** The right type with a value that the other wire lacks; every other issue is a mistake on the client's own wire. */
const UNTRANSLATABLE = new Set(['unrecognized_keys', 'invalid_value', 'invalid_union', 'custom']);

/** Whether a value of JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object that is passed on as it is: a schema, a tool's input. It is not copied, so no key can do harm. */
export const jsonObject = z.unknown().transform((value, context): JsonObject => {
  if (isJsonObject(value)) return value;
  context.addIssue({ code: 'invalid_type', expected: 'object', input: value });
  return z.NEVER;
});

/** Takes null for a parameter that is not there, as both wires do. */
export function nullsAbsent<Schema extends z.ZodType>(schema: Schema): z.ZodPreprocess<Schema> {
  return z.preprocess(
    (value) =>
      isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
        : value,
    schema,
  );
}

/** A parameter that the other wire lacks: it may be absent or say what is the case anyway. */
export function onlyDefault(...defaults: readonly unknown[]): z.ZodType<undefined> {
  return z
    .unknown()
    .optional()
    .refine((value) => value === undefined || defaults.some((usual) => isDeepStrictEqual(value, usual)))
    .transform(() => undefined);
}

/** A parameter that changes what a call costs or how it is delivered, never the answer: left out when it must be. */
export const hint = z
  .unknown()
  .optional()
  .transform(() => undefined);

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** The object without its undefined members. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** The refusal of a parameter that the other wire cannot say; `param` is its dotted path. */
export function notTranslatable(param: string, to: Wire, reason?: string): TollgateError {
  const name = param.slice(0, MAX_PARAM_CHARS);
  return new TollgateError(
    'parameter_not_translatable',
    `'${name}' cannot be translated to ${to}'s wire${reason ? `: ${reason}` : ''}.`,
    { param: name },
  );
}

/** Inside a union, the issue of the branch that got furthest is the one that the client meant. */
function innermost(issue: Issue): Issue {
  const branches = (issue.errors ?? []).flatMap((branch) => branch.slice(0, 1).map(innermost));
  const [deepest] = branches.toSorted((one, other) => other.path.length - one.path.length);
  return deepest ? { ...deepest, path: [...issue.path, ...deepest.path] } : issue;
}

function refusal(outer: Issue, body: unknown, to: Wire): TollgateError {
  const issue = innermost(outer);
  // An unknown kind of thing is refused as a whole, not for the word that names its kind; no kind at all is a mistake.
  const isOfUnknownKind = issue.discriminator !== undefined && typeof valueAt(body, issue.path) === 'string';
  const path = isOfUnknownKind ? issue.path.slice(0, -1) : issue.path;
  const param = [...path, ...(issue.keys?.slice(0, 1) ?? [])].join('.');
  const isMistake = !UNTRANSLATABLE.has(issue.code ?? '') || (issue.discriminator && !isOfUnknownKind);
  if (!isMistake) return notTranslatable(param, to, issue.code === 'custom' ? reasonOf(issue) : undefined);
  return new TollgateError('invalid_request', `Invalid value for '${param}': ${issue.message}.`, { param });
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body);
}

// Zod's own words for a failed check say nothing.
function reasonOf({ message }: Issue): string | undefined {
  return message === 'Invalid input' ? undefined : message;
}

/**
 * Reads a request of one wire into what its schema makes of it on the other.
 * @throws TollgateError `parameter_not_translatable` or `invalid_request`, whose `param` is a dotted path
 */
export function translate<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  to: Wire,
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw refusal(parsed.error.issues[0] ?? { path: [], message: 'not legal' }, body, to);
}
