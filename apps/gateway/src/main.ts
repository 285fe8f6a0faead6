import 'reflect-metadata';
import cluster from 'node:cluster';
import {
  ConfigurationError,
  EXIT_CONFIGURATION,
  describeProblem,
  loadProcessSettings,
  type Settings,
} from '@tollgate/config';
import { hasPendingMigrations, migrate } from '@tollgate/database';
import { checkDatabaseRole } from '@tollgate/health';
import { pino, type Logger } from 'pino';
import { runPrimary } from './cluster/primary.js';
import { startGateway } from './gateway.js';

async function prepareSchema({ env }: Settings, logger: Logger): Promise<void> {
  const ownerUrl = env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL ?? '';
  if (env.MIGRATE_ON_START)
    logger.info({ migrations: await migrate(ownerUrl) }, 'database schema is up to date');
  else if (await hasPendingMigrations(ownerUrl))
    throw new Error(
      'the database lacks migrations: run "npm run tollgate -- migrate", or set MIGRATE_ON_START=true',
    );
}

async function runWorker(settings: Settings, logger: Logger): Promise<void> {
  const starting = startGateway(settings, logger);
  // Before anybody is told that it listens: a signal that comes at once drains it as well.
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'draining');
    starting
      .then((app) => app.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'shutdown failed');
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const app = await starting;
  logger.info({ url: await app.getUrl() }, 'gateway is listening');
}

async function main(): Promise<void> {
  const settings = loadProcessSettings();
  const logger = pino({ level: settings.env.LOG_LEVEL });
  if (cluster.isPrimary) {
    for (const problem of settings.warnings)
      logger.warn(`strict mode would refuse: ${describeProblem(problem)}`);
    await prepareSchema(settings, logger);
    await checkDatabaseRole(
      {
        databaseUrl: settings.env.DATABASE_URL ?? '',
        group: 'tollgate_gateway',
        strict: settings.strict,
        acknowledged: settings.env.STRICT_ACKNOWLEDGE,
      },
      logger,
    );
  }
  if (cluster.isPrimary && settings.workers > 1) runPrimary(settings.workers, logger);
  else await runWorker(settings, logger);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown error';
  process.stderr.write(
    `${error instanceof ConfigurationError ? message : `The gateway cannot start: ${message}`}\n`,
  );
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
});
