import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdminSettings } from '@tollgate/config';
import { NestLogger, createHttpAdapter, problemErrors } from '@tollgate/http';
import type { Logger } from 'pino';
import { AdminApiModule } from './admin-api.module.js';
import { ConsoleFiles } from './console/console-files.js';

/** The largest settings that the schemas let in, thousands of names of models, are smaller. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Where the build of the console is, from the sources as from the build of this app. */
const CONSOLE_FOLDER = join(import.meta.dirname, '../../console/dist');

/** Builds an admin API and lets it listen; `close()` drains it. */
export async function startAdminApi(
  settings: AdminSettings,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const files = await ConsoleFiles.load(settings.env.CONSOLE_FOLDER ?? CONSOLE_FOLDER);
  const app = await NestFactory.create<NestFastifyApplication>(
    AdminApiModule.forRoot({ settings, logger }),
    createHttpAdapter({
      maxBodyBytes: MAX_BODY_BYTES,
      errors: problemErrors,
      takeFirst: (request, response) => files.take(request, response),
    }),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    await app.listen(settings.env.ADMIN_PORT, settings.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
