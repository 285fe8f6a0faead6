/**
 * Runs a command with a Redis and a Postgres at hand, in TEST_REDIS_URL and TEST_DATABASE_URL. A variable that is
 * set already is left alone and its server is not started.
 *
 *   node --conditions=@tollgate/source --import ./tools/swc-hooks.mjs tools/dev-services/src/run.ts -- <command…>
 */
import { runCommand } from './command.js';
import { startPostgres } from './postgres-server.js';
import type { PrivateServer } from './private-server.js';
import { startRedis } from './redis-server.js';

const [separator, command, ...args] = process.argv.slice(2);
if (separator !== '--' || command === undefined) {
  process.stderr.write('Usage: run.ts -- <command> [argument…]\n');
  process.exit(64);
}

const servers: PrivateServer[] = [];
try {
  const TEST_REDIS_URL = process.env['TEST_REDIS_URL'] || (await start(startRedis));
  const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL'] || (await start(startPostgres));
  process.exitCode = await runCommand(command, args, { TEST_REDIS_URL, TEST_DATABASE_URL });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}

async function start(startServer: () => Promise<PrivateServer>): Promise<string> {
  const server = await startServer();
  servers.push(server);
  return server.url;
}
