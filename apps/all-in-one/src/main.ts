import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startAdminApi } from '@tollgate/admin-api';
import {
  ConfigurationError,
  EXIT_CONFIGURATION,
  announceInstance,
  loadProcessAdminSettings,
  loadProcessOffloaderSettings,
  loadProcessSettings,
  processEnvironmentHas,
} from '@tollgate/config';
import { createServiceUser, migrate } from '@tollgate/database';
import { EmbeddedPostgres } from '@tollgate/database/embedded';
import { startGateway } from '@tollgate/gateway';
import { checkDatabaseRole } from '@tollgate/health';
import { startOffloader } from '@tollgate/offloader';
import { pino } from 'pino';
import { formatBanner } from './banner.js';
import { openDemoTenant } from './demo-tenant.js';

const DATA_FOLDER = '.data';

// What the embedded default sets where the operator has set nothing.
function defaults(databaseUrl: string, ownTenants: boolean, archiveFolder: string): Record<string, string> {
  const values: Record<string, string> = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn' };
  if (!ownTenants) values['TENANT_LLM_CONFIG_SOURCE'] = 'database';
  if (!processEnvironmentHas(/^R2_/)) values['CHECKPOINT_ARCHIVE_FOLDER'] = archiveFolder;
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

interface ServiceUrls {
  readonly gateway: string;
  readonly offloader: string;
  readonly admin: string;
}

// Long enough for nobody to guess it, and new at each start.
const randomSecret = (): string => randomBytes(32).toString('base64url');

// Users of their own, with passwords that are new at every start.
async function openEmbedded(ownerUrl: string): Promise<ServiceUrls> {
  await migrate(ownerUrl);
  return {
    gateway: await createServiceUser(ownerUrl, 'tollgate_gateway', 'gateway', randomSecret()),
    offloader: await createServiceUser(ownerUrl, 'tollgate_offloader', 'offloader', randomSecret()),
    admin: await createServiceUser(ownerUrl, 'tollgate_admin', 'admin', randomSecret()),
  };
}

// Lets the command lines find the embedded Postgres, for as long as it runs.
async function announce(
  ownerUrl: string,
  offloaderUrl: string,
  archiveFolder: string | undefined,
): Promise<void> {
  const folder = resolve(DATA_FOLDER);
  await mkdir(folder, { recursive: true });
  announceInstance(folder, {
    tollgate: { DATABASE_URL: ownerUrl, TENANT_LLM_CONFIG_SOURCE: 'database' },
    offloader: {
      DATABASE_URL: offloaderUrl,
      ...(archiveFolder === undefined ? {} : { CHECKPOINT_ARCHIVE_FOLDER: archiveFolder }),
    },
  });
}

async function run(embedded: EmbeddedPostgres | undefined): Promise<void> {
  const ownTenants =
    processEnvironmentHas(/^TENANT_.+_API_KEYS(_FILE)?$/) ||
    processEnvironmentHas('TENANT_LLM_CONFIG_SOURCE');
  const dataFolder = embedded?.folder ?? resolve(DATA_FOLDER);
  const urls = embedded && (await openEmbedded(embedded.url));
  const ownDefaults = defaults(urls?.gateway ?? '', ownTenants, join(dataFolder, 'archive'));
  const settings = loadProcessSettings(ownDefaults);
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = settings.env;
  const ownerUrl = embedded?.url ?? MIGRATION_DATABASE_URL ?? DATABASE_URL ?? '';
  const logger = pino({ level: settings.env.LOG_LEVEL });
  if (!embedded) await migrate(ownerUrl);
  await checkDatabaseRole(
    {
      databaseUrl: DATABASE_URL ?? '',
      group: 'tollgate_gateway',
      strict: settings.strict,
      acknowledged: settings.env.STRICT_ACKNOWLEDGE,
    },
    logger,
  );
  const demoKey = ownTenants ? undefined : await openDemoTenant(ownerUrl, dataFolder);
  const offloaderUrl = urls?.offloader ?? ownerUrl;
  const offloaderSettings = loadProcessOffloaderSettings({ ...ownDefaults, DATABASE_URL: offloaderUrl });
  const adminToken = processEnvironmentHas('ADMIN_TOKEN') ? undefined : randomSecret();
  const adminSettings = loadProcessAdminSettings({
    ...ownDefaults,
    DATABASE_URL: urls?.admin ?? ownerUrl,
    ...(adminToken === undefined ? {} : { ADMIN_TOKEN: adminToken }),
  });
  const app = await startGateway(settings, logger);
  const offloader = await startOffloader(offloaderSettings, logger);
  const admin = await startAdminApi(adminSettings, logger);
  if (embedded) await announce(ownerUrl, offloaderUrl, settings.env.CHECKPOINT_ARCHIVE_FOLDER);
  const stop = (): void => {
    process.stdout.write('\nStopping: running calls may finish.\n');
    Promise.all([app.close(), offloader.close(), admin.close()])
      .then(() => embedded?.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const shownUrl = embedded?.url ?? 'from DATABASE_URL';
  process.stdout.write(
    formatBanner({
      url: await app.getUrl(),
      offloaderUrl: await offloader.getUrl(),
      adminUrl: await admin.getUrl(),
      adminToken,
      archive: settings.env.CHECKPOINT_ARCHIVE_FOLDER ?? 'from R2_…',
      demoKey,
      databaseUrl: shownUrl,
      dataFolder,
      stub: settings.adapter === 'stub',
    }),
  );
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : 'unknown error';
  const taken = message.includes('EADDRINUSE')
    ? ' Something else listens on this port: set PORT (or OFFLOADER_PORT, ADMIN_PORT) to another one.'
    : '';
  process.stderr.write(`Tollgate cannot start: ${message}${taken}\n`);
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
});
