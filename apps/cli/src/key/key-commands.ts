import { Command } from 'commander';
import { TenantAdmin, findPublicPart, type StoredKey } from '@tollgate/tenant-config';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import {
  LIMIT_HEADINGS,
  formatTime,
  limitCells,
  limitOptions,
  toLimits,
  type LimitOptions,
} from '../limit-options.js';
import { numberOption } from '../number-option.js';
import type { Table } from '../output.js';
import { addPageOptions, hintAtNextPage, type PageOptions } from '../page-options.js';

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

const EXAMPLES = `
Examples:
  npm run tollgate -- key create acme --name ci --expires-in-days 90
  npm run tollgate -- key create acme --agent planner --budget-cents 5000
  npm run tollgate -- key list acme
  npm run tollgate -- key revoke 4fGh7Kq0ZtWb`;

interface KeyOptions extends LimitOptions {
  readonly agent?: string;
  readonly name?: string;
  readonly expiresInDays?: number;
}

function statusOf(key: StoredKey): string {
  if (key.revokedAtMs !== undefined) return 'revoked';
  return key.expiresAtMs !== undefined && key.expiresAtMs <= Date.now() ? 'expired' : 'active';
}

function toTable(keys: readonly StoredKey[]): Table {
  const rows = keys.map((key) => [
    key.id,
    statusOf(key),
    key.name ?? '-',
    key.agentId ?? '-',
    ...limitCells(key.limits),
    formatTime(key.expiresAtMs),
  ]);
  return { headings: ['KEY', 'STATUS', 'NAME', 'AGENT', ...LIMIT_HEADINGS, 'EXPIRES'], rows };
}

function createKey(surroundings: CommandSurroundings): Command {
  const days = { min: 1, max: MAX_DAYS };
  const command = new Command('create')
    .description('make an API key and print its secret, once')
    .argument('<tenant>')
    .option('--agent <agent>', 'the only agent that the key may act for')
    .option('--name <name>', 'what the key is for')
    .addOption(numberOption('--expires-in-days <n>', 'days until the key expires (default: never)', days));
  for (const option of limitOptions()) command.addOption(option);
  return command.addHelpText('after', EXAMPLES).action((tenantId: string, options: KeyOptions) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const { agent: agentId, name, expiresInDays } = options;
      const expiresAtMs = expiresInDays === undefined ? undefined : Date.now() + expiresInDays * DAY_MS;
      const draft = { agentId, name, expiresAtMs, limits: toLimits(options) };
      const { key, secret } = await new TenantAdmin(pool).createKey(tenantId, draft);
      output.result(
        { ...key, secret },
        {
          headings: ['KEY', 'SECRET', 'EXPIRES'],
          rows: [[key.id, secret, formatTime(key.expiresAtMs)]],
        },
      );
      output.hint('Keep the secret now: it is not stored and cannot be shown again.');
    }),
  );
}

function revokeKey(surroundings: CommandSurroundings): Command {
  const command = new Command('revoke')
    .description('revoke an API key for ever; gateways refuse it within a second')
    .argument('<key-id>', 'the 12 characters after tg_, or the whole key');
  return command.addHelpText('after', EXAMPLES).action((keyId: string) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const key = await new TenantAdmin(pool).revokeKey(findPublicPart(keyId) ?? keyId);
      output.result(key, toTable([key]));
    }),
  );
}

function listKeys(surroundings: CommandSurroundings): Command {
  const command = addPageOptions(
    new Command('list').description('list the API keys of a tenant').argument('<tenant>'),
  );
  return command.action((tenantId: string, { limit, after }: PageOptions) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const page = await new TenantAdmin(pool).listKeys(tenantId, { limit, after });
      output.result(page, toTable(page.items));
      hintAtNextPage(page, output);
    }),
  );
}

/** `key create`, `key revoke` and `key list`. */
export function keyCommands(surroundings: CommandSurroundings): Command {
  return new Command('key')
    .description('API keys of a tenant')
    .addHelpText('after', EXAMPLES)
    .addCommand(createKey(surroundings))
    .addCommand(revokeKey(surroundings))
    .addCommand(listKeys(surroundings));
}
