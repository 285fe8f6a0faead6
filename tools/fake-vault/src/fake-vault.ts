import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorAnswer, send, type Answer } from './answer.js';
import { KvStore } from './kv-store.js';
import { LoginDesk } from './login-desk.js';
import { TokenBook } from './token-book.js';

const MAX_REQUESTS = 10_000;
const KV_MOUNT = 'secret';

/** How a fake Vault is started. */
export interface FakeVaultOptions {
  /** ms since the epoch, for leases and versions; default Date.now. */
  readonly now?: () => number;
  /** Serves HTTPS with this certificate. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
}

/** Trouble in place of an answer. */
export interface Trouble {
  /** Only on paths (without `/v1/`) that match; default all. */
  readonly onPath?: RegExp;
  /** Default 500. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, whatever it is; default an error in Vault's form. */
  readonly body?: string;
  /** Answers as ever, only this much later. */
  readonly delayMs?: number;
  /** Answers nothing, ever. */
  readonly isSilent?: boolean;
}

/** One request, as far as tests look at it. */
export interface VaultRequest {
  readonly method: string;
  /** With its query, without `/v1/`. */
  readonly path: string;
  readonly namespace: string;
  readonly headers: IncomingMessage['headers'];
}

/** A fake of Vault's HTTP API as a reader of KV version 2 meets it. The engine is mounted at `secret`. */
export class FakeVault {
  readonly tokens: TokenBook;
  readonly logins: LoginDesk;
  /** The most recent requests, oldest first. */
  requests: VaultRequest[] = [];
  #openRequests = 0;
  #mostAtOnce = 0;
  readonly #stores = new Map<string, KvStore>();
  readonly #now: () => number;
  #server: Server;
  #port = 0;
  #isSealed = false;
  #trouble: Trouble | undefined;

  private constructor(private readonly options: FakeVaultOptions) {
    this.#now = options.now ?? Date.now;
    this.tokens = new TokenBook(this.#now);
    this.logins = new LoginDesk(this.tokens);
    this.#server = this.#createServer();
  }

  static async start(options: FakeVaultOptions = {}): Promise<FakeVault> {
    const vault = new FakeVault(options);
    await vault.#listen();
    return vault;
  }

  get url(): string {
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${this.#port}`;
  }

  /** The most requests that were open at the same time. */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  /** The secrets of a namespace. */
  kv(namespace = ''): KvStore {
    const store = this.#stores.get(namespace) ?? new KvStore(this.#now);
    this.#stores.set(namespace, store);
    return store;
  }

  seal(): void {
    this.#isSealed = true;
  }

  unseal(): void {
    this.#isSealed = false;
  }

  /** Makes trouble from now on; without an argument it stops. */
  behave(trouble?: Trouble): void {
    this.#trouble = trouble;
  }

  /** Goes down: breaks every connection and takes no more. Secrets and tokens stay. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Comes up again on the same port. */
  async restart(): Promise<void> {
    this.#server = this.#createServer();
    await this.#listen();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #createServer(): Server {
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#serve(request, response).catch(() => response.destroy());
    const { tls } = this.options;
    return tls ? createHttpsServer({ cert: tls.certPem, key: tls.keyPem }, serve) : createHttpServer(serve);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#mostAtOnce = Math.max(this.#mostAtOnce, (this.#openRequests += 1));
    response.once('close', () => (this.#openRequests -= 1));
    const body = await text(request);
    const url = new URL(request.url ?? '/', 'http://vault');
    const path = decodeURIComponent(url.pathname).replace(/^\/v1\//, '');
    const namespace = String(request.headers['x-vault-namespace'] ?? '').replace(/\/$/, '');
    this.#record(request, `${path}${url.search}`, namespace);
    const trouble = this.#trouble?.onPath?.test(path) === false ? undefined : this.#trouble;
    if (trouble?.isSilent) return;
    if (trouble?.delayMs !== undefined) await sleep(trouble.delayMs);
    else if (trouble) {
      const { status = 500, headers = {}, body: raw } = trouble;
      send(response, { status, body: raw ?? { errors: ['internal error'] } }, { ...headers });
      return;
    }
    send(response, this.#answer(request, path, url.searchParams.get('list') === 'true', namespace, body));
  }

  #record({ method = '', headers }: IncomingMessage, path: string, namespace: string): void {
    const { 'x-vault-token': _, ...others } = headers;
    this.requests.push({ method, path, namespace, headers: others });
    if (this.requests.length > MAX_REQUESTS) this.requests.shift();
  }

  #answer(request: IncomingMessage, path: string, isList: boolean, namespace: string, body: string): Answer {
    if (path === 'sys/health' && request.method === 'GET') return this.#health();
    if (this.#isSealed) return errorAnswer(503, 'Vault is sealed');
    if (path.split('/').includes('..')) return errorAnswer(400, 'path cannot contain parent references');
    if (request.method === 'POST' && path.endsWith('/login'))
      return this.logins.answer(path, namespace, JSON.parse(body)) ?? noHandler(path);
    const token = String(request.headers['x-vault-token'] ?? '');
    if (!this.tokens.admits(token, path, namespace)) return errorAnswer(403, 'permission denied');
    if (path === 'auth/token/renew-self' && request.method === 'POST') return this.tokens.renew(token);
    if (path === 'auth/token/lookup-self' && request.method === 'GET') return this.tokens.lookUp(token);
    const [, kind, rest] = new RegExp(`^${KV_MOUNT}/(data|metadata)/(.*)$`).exec(path) ?? [];
    if (rest === undefined || request.method !== 'GET') return noHandler(path);
    const store = this.kv(namespace);
    if (kind === 'data') return store.read(rest);
    return isList ? store.list(rest) : store.readMetadata(rest);
  }

  #health(): Answer {
    const body = {
      initialized: true,
      sealed: this.#isSealed,
      standby: this.#isSealed,
      performance_standby: false,
      server_time_utc: Math.floor(this.#now() / 1000),
      version: '1.21.0',
    };
    return { status: this.#isSealed ? 503 : 200, body };
  }
}

function noHandler(path: string): Answer {
  return errorAnswer(404, `no handler for route "${path}". route entry not found.`);
}
