import { Command } from 'commander';
import { TenantAdmin } from '@tollgate/tenant-config';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import { LIMIT_HEADINGS, limitCells, limitOptions, toLimits, type LimitOptions } from '../limit-options.js';

const EXAMPLES = `
Examples:
  npm run tollgate -- agent create acme planner
  npm run tollgate -- agent create acme planner --budget-cents 5000 --max-concurrency 4`;

function createAgent(surroundings: CommandSurroundings): Command {
  const command = new Command('create')
    .description('register an agent of a tenant')
    .argument('<tenant>')
    .argument('<agent>', 'as it names itself in x-agent-id');
  for (const option of limitOptions()) command.addOption(option);
  return command
    .addHelpText('after', EXAMPLES)
    .action((tenantId: string, id: string, options: LimitOptions) =>
      withDatabase(command, surroundings, async ({ pool, output }) => {
        const agent = await new TenantAdmin(pool).createAgent(tenantId, { id, limits: toLimits(options) });
        output.result(
          { tenantId, ...agent },
          {
            headings: ['TENANT', 'AGENT', ...LIMIT_HEADINGS],
            rows: [[tenantId, agent.id, ...limitCells(agent.limits)]],
          },
        );
      }),
    );
}

/** `agent create`. */
export function agentCommands(surroundings: CommandSurroundings): Command {
  return new Command('agent')
    .description('agents of a tenant')
    .addHelpText('after', EXAMPLES)
    .addCommand(createAgent(surroundings));
}
