import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

/** Where its own scripts, styles, pictures and answers come from, and nothing else at all. */
export const CONSOLE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONSOLE_CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** Names under it have a hash of their content. */
const ASSETS = '/assets/';
const FOREVER = 'public, max-age=31536000, immutable';
const INDEX = '/index.html';
/** Paths that are not the console's. */
const OTHERS = /^\/(admin|health|metrics)(\/|$)/;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tollgate</title>
<h1>The console is not built</h1><p>Run <code>npm run build</code> and start again, or set CONSOLE_FOLDER to where it is.</p>
<p>The API is at <a href="/admin/docs">/admin/docs</a>.</p></html>
`;

interface StoredFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

const fileOf = (body: Buffer, name: string): StoredFile => ({
  body,
  type: TYPES[extname(name)] ?? 'application/octet-stream',
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});

/** The files of the console, read once: a request names one of them or none, and never a place on the disk. */
export class ConsoleFiles {
  private constructor(private readonly files: ReadonlyMap<string, StoredFile>) {}

  /** Reads a folder; one that is not there has no console. */
  static async load(folder: string): Promise<ConsoleFiles> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          const url = `/${relative(folder, path).split(sep).join('/')}`;
          return [url, fileOf(await readFile(path), name)] as const;
        }),
    );
    return new ConsoleFiles(new Map(files));
  }

  /** Answers a request if it is for the console, and says whether it was. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if ((request.method !== 'GET' && request.method !== 'HEAD') || OTHERS.test(path)) return false;
    const name = this.#nameOf(path);
    const file = name === undefined ? undefined : this.files.get(name);
    if (file) send(request, response, file, name?.startsWith(ASSETS) === true ? FOREVER : 'no-cache');
    else refuse(request, response, this.files.has(INDEX) ? undefined : NOT_BUILT);
    return true;
  }

  // What has no extension is a place inside the console, which finds its way there itself.
  #nameOf(path: string): string | undefined {
    if (this.files.has(path)) return path;
    return extname(path) === '' && !path.startsWith(ASSETS) ? INDEX : undefined;
  }
}

function send(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { body, type, etag }: StoredFile,
  cacheControl: string,
): void {
  const isKnown = headers['if-none-match'] === etag;
  response.writeHead(isKnown ? 304 : 200, {
    ...HEADERS,
    etag,
    'cache-control': cacheControl,
    ...(isKnown ? {} : { 'content-type': type, 'content-length': body.length }),
  });
  response.end(isKnown || method === 'HEAD' ? undefined : body);
}

function refuse({ method }: IncomingMessage, response: ServerResponse, page = 'Not found\n'): void {
  const type = page === NOT_BUILT ? TYPES['.html'] : TYPES['.txt'];
  response.writeHead(404, { ...HEADERS, 'content-type': type, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : page);
}
