import { Controller, Get, NotFoundException, Param, Res, type OnModuleInit } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConsoleFiles } from './console-files.js';

/** Only files of its own: no inline scripts or styles, no eval, no frames, nothing from elsewhere. */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE = {
  'content-security-policy': CONSOLE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Addresses of the console's screens: all show the same page, which reads the address. */
const SCREENS = ['', 'tenants', 'tenants/:id', 'tenants/:id/:tab', 'usage', 'archive', 'audit', 'system'];

/** The console, which asks the API from the browser. It holds no secret and needs no token to be loaded. */
@Controller()
export class ConsoleController implements OnModuleInit {
  readonly #files = new ConsoleFiles();

  onModuleInit(): Promise<void> {
    return this.#files.load();
  }

  @Get(SCREENS)
  screen(@Res() reply: FastifyReply): void {
    this.#send(reply, 'index.html', 'no-cache');
  }

  /** Their names have a hash of what is inside. */
  @Get('assets/:name')
  asset(@Param('name') name: string, @Res() reply: FastifyReply): void {
    this.#send(reply, `assets/${name}`, 'public, max-age=31536000, immutable');
  }

  @Get('icon.svg')
  icon(@Res() reply: FastifyReply): void {
    this.#send(reply, 'icon.svg', 'public, max-age=86400');
  }

  #send(reply: FastifyReply, path: string, cacheControl: string): void {
    const file = this.#files.find(path);
    if (!file) throw new NotFoundException();
    void reply
      .headers({ ...SAFE, 'content-type': file.contentType, 'cache-control': cacheControl })
      .send(file.bytes);
  }
}
