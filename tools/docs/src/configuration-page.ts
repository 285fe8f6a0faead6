import { TENANT_SETTINGS, VARIABLES, type Section, type Variable } from '@tollgate/config';
import type { GeneratedPage } from './generated-page.js';
import { code, markdownTable } from './markdown-table.js';

const INTRODUCTION = `
# Configuration

Tollgate is configured by its environment alone. Each process reads it once, at its start, and strictly: a value that
is not legal stops the start, and is never replaced by a default. An empty variable counts as unset, and \`0\` is a
legal value where the bounds have it.

A secret, marked 🔒, can also come from a file: set \`<NAME>_FILE\` to its path instead of the variable itself. A line
break at the end of the file is dropped. Setting both is an error.

With \`ENV=prod\` or \`ENV=production\` strict mode is on: whatever is missing, or would degrade silently, stops the start
with exit code 78. All problems are listed at once, each with the variable, what is wrong and what to do, and never
with a value. In dev mode the same findings are warnings.
`;

const TENANTS = `
## One tenant

With \`TENANT_LLM_CONFIG_SOURCE=env\` each tenant is a family of variables, \`TENANT_<ID>_…\`, in which \`<ID>\` is the
tenant's id in upper case, with \`_\` for \`-\`: the budget of the tenant \`acme-eu\` is \`TENANT_ACME_EU_BUDGET_CENTS\`. One
variable is enough to make a tenant, and what it leaves unset follows the \`DEFAULT_…\` variables above. Counts and
amounts are whole numbers, and \`0\` allows nothing. A misspelt setting is an error, and so is a key that stands twice.
`;

function row([name, { fallback, format, secret, doc }]: [string, Variable<unknown>]): string[] {
  // Lists are all empty by default, and what has no default is undefined.
  const isPlain =
    typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean';
  return [`${code(name)}${secret ? ' 🔒' : ''}`, format, isPlain ? code(fallback.toString()) : '', doc];
}

function sectionOf(section: Section, variables: [string, Variable<unknown>][]): string {
  return `## ${section}\n\n${markdownTable(['Variable', 'Legal values', 'Default', 'What for'], variables.map(row))}`;
}

function render(): string {
  const variables = Object.entries<Variable<unknown>>(VARIABLES);
  const sections = Map.groupBy(variables, ([, { section }]) => section);
  const tenantRows = Object.entries(TENANT_SETTINGS).map(([suffix, { doc }]) => [
    `${code(`TENANT_<ID>_${suffix}`)}${suffix === 'API_KEYS' ? ' 🔒' : ''}`,
    doc,
  ]);
  return [
    INTRODUCTION,
    ...[...sections].map(([section, members]) => sectionOf(section, members)),
    TENANTS,
    markdownTable(['Variable', 'What for'], tenantRows),
  ].join('\n');
}

/** Every variable of the environment. */
export const configurationPage: GeneratedPage = { path: 'docs/configuration.md', render };
