import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OffloaderSettings } from '@tollgate/config';
import { NestLogger, createHttpAdapter } from '@tollgate/http';
import type { Logger } from 'pino';
import { OffloaderModule } from './offloader.module.js';

/** Nobody sends it a body. */
const MAX_BODY_BYTES = 1024;

/** Builds an offloader, lets it listen and work; `close()` drains it. */
export async function startOffloader(
  settings: OffloaderSettings,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    OffloaderModule.forRoot({ settings, logger }),
    createHttpAdapter({ maxBodyBytes: MAX_BODY_BYTES }),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    await app.listen(settings.env.OFFLOADER_PORT, settings.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
