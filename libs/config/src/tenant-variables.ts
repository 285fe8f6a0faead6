import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Problem } from './configuration-error.js';
import { modelAliases, namedModels } from './named-models.js';
import { readText, type RawEnvironment } from './parse-environment.js';

const MIN_KEY_LENGTH = 16;

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
/** Up to the largest amount that the money of `@tollgate/domain` represents, less a little. */
const cents = count.pipe(z.number().max(900_000_000));
const words = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean),
);

/** The settings of the `TENANT_<ID>_…` family, by suffix. */
export const TENANT_SETTINGS = {
  LLM_MODEL: { schema: z.string(), doc: 'Default model: what `auto` stands for. May be an alias.' },
  LLM_FALLBACK_MODEL: {
    schema: z.string(),
    doc: 'Fallback model, or `none`. May be an alias.',
  },
  ALLOWED_MODELS: {
    schema: words,
    doc: 'Models the tenant may use, comma-separated; `*` stands for any characters, as in `gpt-4o*`. Unset: all.',
  },
  MODEL_ALIASES: {
    schema: modelAliases,
    doc: "Names of the tenant's own for models, comma-separated: `fast:gpt-4o-mini,smart:gpt-4o`. They win over models of the same name.",
  },
  TASK_MODELS: {
    schema: namedModels,
    doc: 'What `auto` stands for by x-task-type, comma-separated: `planning:gpt-4o-mini`. Unset: `planning` gets the cheaper of model and fallback model, the others the model.',
  },
  RATE_LIMIT: { schema: count, doc: 'Requests per minute.' },
  TOKENS_PER_MINUTE: { schema: count, doc: 'Tokens per minute, input and output together.' },
  MAX_CONCURRENCY: { schema: count, doc: 'Calls at the same time. Unset: no limit.' },
  BUDGET_CENTS: {
    schema: cents,
    doc: 'Budget per calendar month (UTC), in cents.',
  },
  MAX_COST_PER_REQUEST: { schema: cents, doc: 'The most one request may cost, in cents.' },
  ALLOW_EXPENSIVE: {
    schema: z.enum(['true', 'false']).transform((word) => word === 'true'),
    doc: '`true` or `false`: whether models above EXPENSIVE_MODEL_CENTS_PER_MILLION_TOKENS may be used. Unset: false.',
  },
  API_KEYS: {
    schema: words,
    doc: 'API keys, comma-separated: plain (16 characters or more) or `sha256:<hex>`. Also `_API_KEYS_FILE`.',
  },
} as const;

/** A setting's suffix. */
export type TenantSetting = keyof typeof TENANT_SETTINGS;
type SettingValues = { readonly [K in TenantSetting]?: z.output<(typeof TENANT_SETTINGS)[K]['schema']> };

/** One tenant as the environment describes it; keys only as SHA-256, in lower-case hex. */
export interface TenantVariables extends Omit<SettingValues, 'API_KEYS'> {
  /** Lower case, `-` where the variable has `_`. */
  readonly id: string;
  readonly keyHashes: readonly string[];
}

// Longest first, so that ACME_LLM_FALLBACK_MODEL is not read as a setting of the tenant "acme-llm-fallback".
const SUFFIXES = (Object.keys(TENANT_SETTINGS) as TenantSetting[]).sort((a, b) => b.length - a.length);

function splitName(name: string): { id: string; setting: TenantSetting } | undefined {
  const plain = name.slice('TENANT_'.length);
  const setting = SUFFIXES.find((suffix) => plain.endsWith(`_${suffix}`));
  const id = setting && plain.slice(0, -setting.length - 1);
  if (!setting || !id || !/^[A-Z0-9]+(_[A-Z0-9]+)*$/.test(id) || id.length > 63) return undefined;
  return { id: id.toLowerCase().replaceAll('_', '-'), setting };
}

function hashKey(key: string): string | undefined {
  const digest = /^sha256:([0-9a-f]{64})$/i.exec(key)?.[1];
  if (digest) return digest.toLowerCase();
  if (key.startsWith('sha256:') || key.length < MIN_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key))
    return undefined;
  return createHash('sha256').update(key).digest('hex');
}

function hashKeys(keys: readonly string[], variable: string, problems: Problem[]): string[] {
  const hashes = keys.map(hashKey).filter((hash) => hash !== undefined);
  if (hashes.length < keys.length) {
    problems.push({
      kind: 'configuration',
      variable,
      problem: 'a key is too short, has blanks, or is not sha256:<64 hex digits>',
      remedy: `Use keys of at least ${MIN_KEY_LENGTH} printable characters`,
    });
  }
  return hashes;
}

/** Reads one setting's text, as part of its tenant; undefined, and a problem, when it is not legal. */
export function readTenantSetting(
  setting: TenantSetting,
  text: string,
  variable: string,
  problems: Problem[],
): Partial<TenantVariables> | undefined {
  const { schema, doc } = TENANT_SETTINGS[setting];
  const parsed = schema.safeParse(text);
  if (!parsed.success) {
    const remedy = doc.replace(/\.$/, '');
    problems.push({ kind: 'configuration', variable, problem: 'the value is not legal', remedy });
    return undefined;
  }
  if (setting !== 'API_KEYS') return { [setting]: parsed.data };
  // Safe: the schema of API_KEYS gives words.
  return { keyHashes: hashKeys(parsed.data as string[], variable, problems) };
}

/** The tenant variables that are set, by name and without `_FILE`: a variable and its file are one setting. */
function listNames(env: RawEnvironment): string[] {
  const names = Object.keys(env).filter(
    (key) => key.startsWith('TENANT_') && key !== 'TENANT_LLM_CONFIG_SOURCE',
  );
  return [...new Set(names.map((name) => name.replace(/_FILE$/, '')))].sort();
}

/** Reads all tenants of the environment; misspelt settings, bad values and keys of two tenants become problems. */
export function parseTenantVariables(env: RawEnvironment, problems: Problem[]): TenantVariables[] {
  const tenants = new Map<string, TenantVariables>();
  const owners = new Map<string, string>();
  for (const name of listNames(env)) {
    const variable = Object.hasOwn(env, name) ? name : `${name}_FILE`;
    const refuse = (problem: string, remedy: string): void => {
      problems.push({ kind: 'configuration', variable, problem, remedy });
    };
    const target = splitName(name);
    if (!target) {
      refuse(
        'no such tenant setting',
        `Known: TENANT_<ID>_ followed by ${Object.keys(TENANT_SETTINGS).join(', ')}`,
      );
      continue;
    }
    const raw = readText(env, name, problems);
    if (raw === undefined) continue;
    const read = readTenantSetting(target.setting, raw, variable, problems);
    if (!read) continue;
    tenants.set(target.id, { ...(tenants.get(target.id) ?? { id: target.id, keyHashes: [] }), ...read });
    for (const hash of read.keyHashes ?? []) {
      const owner = owners.get(hash);
      if (owner) refuse(`a key stands twice (also for tenant ${owner})`, 'Give every tenant its own keys');
      owners.set(hash, target.id);
    }
  }
  return [...tenants.values()];
}
