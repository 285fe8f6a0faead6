import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { VaultError } from './vault-error.js';

const MAX_CONNECTIONS = 8;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const SECOND_MS = 1000;
const MAX_PAUSE_MS = 60_000;

/** Where Vault is and how long it may take. */
export interface VaultHttpOptions {
  /** URL, perhaps with a path in front of `/v1`. */
  readonly address: string;
  readonly namespace: string | undefined;
  /** File with the authorities that may vouch for it; undefined: the system's. */
  readonly caCertPath: string | undefined;
  readonly timeoutMs: number;
}

/** What Vault answered; without a body unless it was JSON. */
export interface VaultReply {
  readonly status: number;
  readonly body: unknown;
  /** How long Vault wants to be left alone, at most a minute. */
  readonly pauseMs: number;
}

/** Vault over HTTP: eight connections at most, bounded answers, each exchange within the timeout. Redirects are not followed. */
export class VaultHttp {
  readonly #base: URL;
  #pool: Pool | undefined;

  constructor(private readonly options: VaultHttpOptions) {
    this.#base = new URL(options.address);
  }

  /** Resolves with whatever status came. @throws VaultError when none did */
  async request(
    method: 'GET' | 'POST',
    path: string,
    { token, body }: { readonly token?: string; readonly body?: unknown } = {},
  ): Promise<VaultReply> {
    const { namespace, timeoutMs } = this.options;
    this.#pool ??= this.#createPool();
    try {
      const reply = await this.#pool.request({
        method,
        path: `${this.#base.pathname.replace(/\/$/, '')}/v1/${path}`,
        headers: {
          'x-vault-request': 'true',
          ...(token === undefined ? {} : { 'x-vault-token': token }),
          ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await reply.body.text();
      return {
        status: reply.statusCode,
        body: parseJson(text),
        pauseMs: readPause(reply.headers['retry-after']),
      };
    } catch (error) {
      throw new VaultError(`Vault cannot be reached (${codeOf(error)})`, undefined, { cause: error });
    }
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await this.#pool?.destroy();
  }

  #createPool(): Pool {
    const { caCertPath, timeoutMs } = this.options;
    return new Pool(this.#base.origin, {
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      allowH2: false,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      connect: {
        timeout: timeoutMs,
        ...(caCertPath === undefined ? {} : { ca: readAuthorities(caCertPath) }),
      },
    });
  }
}

function readAuthorities(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // The reason would name the path.
    throw new VaultError('The file of VAULT_CACERT cannot be read');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the answer; who needs a body finds that there is none.
    return undefined;
  }
}

function readPause(retryAfter: string | string[] | undefined): number {
  return typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter)
    ? Math.min(Number(retryAfter) * SECOND_MS, MAX_PAUSE_MS)
    : 0;
}

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
