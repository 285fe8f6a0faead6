import type { Problem } from './configuration-error.js';
import {
  TENANT_SETTINGS,
  readTenantSetting,
  type TenantSetting,
  type TenantVariables,
} from './tenant-variables.js';

const SETTINGS_BY_FIELD = new Map(
  (Object.keys(TENANT_SETTINGS) as TenantSetting[]).map((setting) => [setting.toLowerCase(), setting]),
);

// A comma inside a word would make two of it.
const isWord = (value: unknown): value is string => typeof value === 'string' && !value.includes(',');

/** A value in the form of its variable; undefined when it has none. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.every(isWord) ? value.join(',') : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const pairs = Object.entries(value);
  // A colon inside a name would end it early.
  const isPlain = pairs.every(([name, model]) => isWord(name) && !name.includes(':') && isWord(model));
  return isPlain ? pairs.map(([name, model]) => `${name}:${String(model)}`).join(',') : undefined;
}

/**
 * Reads a tenant from a JSON object that has the settings of the `TENANT_<ID>_…` variables under their suffixes in
 * lower case (`budget_cents`): as numbers, booleans, lists and objects, or all as texts in the form of the variables.
 * Null and empty texts count as unset. Every problem names its field, never a value.
 */
export function parseTenantRecord(
  id: string,
  record: Readonly<Record<string, unknown>>,
  problems: Problem[],
): TenantVariables {
  let tenant: TenantVariables = { id, keyHashes: [] };
  for (const [field, value] of Object.entries(record)) {
    const refuse = (problem: string, remedy: string): void => {
      problems.push({ kind: 'configuration', variable: field, problem, remedy });
    };
    const setting = SETTINGS_BY_FIELD.get(field);
    if (!setting) {
      refuse('no such tenant setting', `Known: ${[...SETTINGS_BY_FIELD.keys()].join(', ')}`);
      continue;
    }
    if (value === null || value === '') continue;
    const text = toText(value);
    if (text === undefined) refuse('the value is not legal', TENANT_SETTINGS[setting].doc.replace(/\.$/, ''));
    else tenant = { ...tenant, ...readTenantSetting(setting, text, field, problems) };
    if (setting === 'API_KEYS' && new Set(tenant.keyHashes).size < tenant.keyHashes.length)
      refuse('a key stands twice', 'Name every key once');
  }
  return tenant;
}
