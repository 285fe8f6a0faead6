import 'reflect-metadata';
import {
  ConfigurationError,
  EXIT_CONFIGURATION,
  describeProblem,
  loadProcessAdminSettings,
  type AdminSettings,
} from '@tollgate/config';
import { hasPendingMigrations, migrate } from '@tollgate/database';
import { checkDatabaseRole } from '@tollgate/health';
import { pino, type Logger } from 'pino';
import { startAdminApi } from './admin-api.js';

async function prepareSchema({ env, databaseUrl }: AdminSettings, logger: Logger): Promise<void> {
  const ownerUrl = env.MIGRATION_DATABASE_URL ?? databaseUrl;
  if (env.MIGRATE_ON_START)
    logger.info({ migrations: await migrate(ownerUrl) }, 'database schema is up to date');
  else if (await hasPendingMigrations(databaseUrl))
    throw new Error(
      'the database lacks migrations: run "npm run tollgate -- migrate", or set MIGRATE_ON_START=true',
    );
}

async function main(): Promise<void> {
  const settings = loadProcessAdminSettings();
  const logger = pino({ level: settings.env.LOG_LEVEL });
  for (const problem of settings.warnings)
    logger.warn(`strict mode would refuse: ${describeProblem(problem)}`);
  const source = settings.env.TENANT_LLM_CONFIG_SOURCE;
  if (source !== 'database')
    logger.warn(
      { source },
      'gateways with this environment take their tenants from elsewhere: changes here are not in force',
    );
  await prepareSchema(settings, logger);
  await checkDatabaseRole(
    {
      databaseUrl: settings.databaseUrl,
      group: 'tollgate_admin',
      strict: settings.strict,
      acknowledged: settings.env.STRICT_ACKNOWLEDGE,
    },
    logger,
  );
  const starting = startAdminApi(settings, logger);
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
  logger.info({ url: await app.getUrl() }, 'admin API is listening');
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown error';
  process.stderr.write(
    `${error instanceof ConfigurationError ? message : `The admin API cannot start: ${message}`}\n`,
  );
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
});
