import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '@tollgate/config';
import { NestLogger, createHttpAdapter } from '@tollgate/http';
import type { Logger } from 'pino';
import { FastLane } from './answer/fast-lane.js';
import { GatewayModule } from './gateway.module.js';

const MIB = 1024 * 1024;

/** Builds a gateway and lets it listen; `close()` drains it. */
export async function startGateway(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  let lane: FastLane | undefined = undefined; // made by Nest, after the server
  const adapter = createHttpAdapter({
    maxBodyBytes: settings.env.MAX_BODY_MIB * MIB,
    takeFirst: (request, response) => lane?.take(request, response) ?? false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.forRoot({ settings, logger }),
    adapter,
    {
      bodyParser: false,
      logger: new NestLogger(logger),
      abortOnError: false,
    },
  );
  lane = app.get(FastLane);
  try {
    await app.listen(settings.env.PORT, settings.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
