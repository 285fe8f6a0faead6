import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import {
  ConfigurationError,
  EXIT_CONFIGURATION,
  loadProcessSettings,
  processEnvironmentHas,
} from '@tollgate/config';
import { createServiceUser, migrate } from '@tollgate/database';
import { EmbeddedPostgres } from '@tollgate/database/embedded';
import { checkDatabaseRole, startGateway } from '@tollgate/gateway';
import { pino } from 'pino';
import { formatBanner } from './banner.js';
import { openDemoTenant } from './demo-tenant.js';

const DATA_FOLDER = '.data';

// What the embedded default sets where the operator has set nothing.
function defaults(databaseUrl: string, ownTenants: boolean): Record<string, string> {
  const values: Record<string, string> = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn' };
  if (!ownTenants) values['TENANT_LLM_CONFIG_SOURCE'] = 'database';
  return Object.fromEntries(Object.entries(values).filter(([name]) => !processEnvironmentHas(name)));
}

async function main(): Promise<void> {
  const embedded = processEnvironmentHas('DATABASE_URL')
    ? undefined
    : await EmbeddedPostgres.start(resolve(DATA_FOLDER));
  try {
    await run(embedded);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

// Its password is new at every start and written nowhere.
async function openEmbedded(ownerUrl: string): Promise<string> {
  await migrate(ownerUrl);
  return createServiceUser(ownerUrl, 'tollgate_gateway', 'gateway', randomBytes(24).toString('base64url'));
}

async function run(embedded: EmbeddedPostgres | undefined): Promise<void> {
  const ownTenants =
    processEnvironmentHas(/^TENANT_.+_API_KEYS(_FILE)?$/) ||
    processEnvironmentHas('TENANT_LLM_CONFIG_SOURCE');
  const settings = loadProcessSettings(
    defaults(embedded ? await openEmbedded(embedded.url) : '', ownTenants),
  );
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = settings.env;
  const ownerUrl = embedded?.url ?? MIGRATION_DATABASE_URL ?? DATABASE_URL ?? '';
  const logger = pino({ level: settings.env.LOG_LEVEL });
  const dataFolder = embedded?.folder ?? resolve(DATA_FOLDER);
  if (!embedded) await migrate(ownerUrl);
  await checkDatabaseRole(settings, logger);
  const demoKey = ownTenants ? undefined : await openDemoTenant(ownerUrl, dataFolder);
  const app = await startGateway(settings, logger);
  const shownUrl = embedded?.url ?? 'from DATABASE_URL';
  process.stdout.write(
    formatBanner({
      url: await app.getUrl(),
      demoKey,
      databaseUrl: shownUrl,
      dataFolder,
      stub: settings.adapter === 'stub',
    }),
  );
  const stop = (): void => {
    process.stdout.write('\nStopping: running calls may finish.\n');
    app
      .close()
      .then(() => embedded?.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown error';
  const taken = message.includes('EADDRINUSE')
    ? ' Something else listens on this port: set PORT to another one.'
    : '';
  process.stderr.write(`Tollgate cannot start: ${message}${taken}\n`);
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
});
