import { z } from 'zod';

const MAX_NAMES = 1000;

/** A name that a tenant gives to a model or a task type; never a colon or comma, which separate them in a list. */
export const MODEL_NAME_KEY = /^[A-Za-z0-9][A-Za-z0-9._@/-]{0,127}$/;

/** A model's name: printable, without blanks and without the comma that separates them in a list. */
export const MODEL_NAME = /^[\x21-\x2b\x2d-\x7e]{1,200}$/;

/** What `model` and the fallback model may say beside names: nothing else may be called so. */
export const RESERVED_MODEL_NAMES = { auto: 'auto', none: 'none' } as const;

/** Models by a name of the tenant's own. */
export type NamedModels = ReadonlyMap<string, string>;

function parsePair(word: string): [string, string] | undefined {
  // A model's own name may hold colons (`ft:gpt-4o:org::id`), the tenant's name for it may not.
  const at = word.indexOf(':');
  const [name, model] = [word.slice(0, at).trim(), word.slice(at + 1).trim()];
  return at > 0 && MODEL_NAME_KEY.test(name) && MODEL_NAME.test(model) ? [name, model] : undefined;
}

function parsePairs(text: string): NamedModels | undefined {
  const words = text.split(',').filter((word) => word.trim());
  const pairs = words.map(parsePair).filter((pair) => pair !== undefined);
  const models = new Map(pairs);
  return models.size === words.length && models.size <= MAX_NAMES ? models : undefined;
}

/** `name:model,name:model`; a name that stands twice is an error. */
export const namedModels = z.string().transform((text, context): NamedModels => {
  const models = parsePairs(text);
  if (models) return models;
  context.addIssue({ code: 'custom', message: 'Must be name:model pairs, comma-separated, each name once' });
  return z.NEVER;
});

/** As `namedModels`, for names that stand where a model's could. */
export const modelAliases = namedModels.refine(
  (models) => Object.keys(RESERVED_MODEL_NAMES).every((name) => !models.has(name)),
  'May not name an alias auto or none',
);
