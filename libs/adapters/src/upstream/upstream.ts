import { Pool, type Dispatcher } from 'undici';
import type { Cancellation } from '../cancellation.js';

/** How long a model provider may take, and how many connections it gets. */
export interface UpstreamOptions {
  /** With its version path: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Added to every path. */
  readonly query?: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
}

/** A request body and the path under the base URL that takes it. */
export interface UpstreamRequest {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly cancellation: Cancellation;
}

/** Receives an answer as it arrives. */
export interface UpstreamReader {
  onHead(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  /** Takes all that came with one read of the socket. */
  onData(bytes: Buffer, flow: { pause(): void; resume(): void }): void;
}

/** How the exchange ended: whole, or with the reason why it is not. */
export interface UpstreamEnd {
  readonly error: Error | undefined;
  /** Whether the request may have reached the model provider. */
  readonly sent: boolean;
}

/** A model provider over HTTP/1.1: undici's lowest layer, since each layer above it costs as much CPU as all the rest. */
export class Upstream {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #query: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: UpstreamOptions) {
    const base = new URL(options.baseUrl);
    this.#basePath = base.pathname.replace(/\/$/, '');
    const query = new URLSearchParams(options.query).toString();
    this.#query = query === '' ? '' : `?${query}`;
    this.#headers = options.headers;
    this.#pool = new Pool(base.origin, {
      connections: options.maxConnections,
      pipelining: 1,
      allowH2: false,
      headersTimeout: options.firstByteTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
      connect: { timeout: options.connectTimeoutMs, noDelay: true },
    });
  }

  /** Sends a request and feeds the answer to the reader; resolves when the exchange is over, and never rejects. */
  post(request: UpstreamRequest, reader: UpstreamReader): Promise<UpstreamEnd> {
    const { reason } = request.cancellation;
    if (reason) return Promise.resolve({ error: reason, sent: false });
    return new Promise((resolve) => {
      const exchange = new Exchange({ cancellation: request.cancellation, reader, resolve });
      this.#pool.dispatch(
        {
          path: this.#basePath + request.path + this.#query,
          method: 'POST',
          headers: { ...this.#headers, ...request.headers },
          body: request.body,
        },
        exchange,
      );
    });
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Runs what follows behind the present read, at half the cost of `queueMicrotask`. */
const AT_ONCE = Promise.resolve();

/** Whom an exchange works for, while it lasts. */
interface Parties {
  readonly cancellation: Cancellation;
  readonly reader: UpstreamReader;
  readonly resolve: (end: UpstreamEnd) => void;
}

class Exchange implements Dispatcher.DispatchHandler {
  /**
   * Let go at the end. undici holds on to a handler for a while after its exchange, and on to all that it refers to:
   * the whole call would outlive the collections of young objects, which are the cheap ones.
   */
  #parties: Parties | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #arrived: Buffer[] = [];
  #paused = false;
  #sent = false;

  constructor(parties: Parties) {
    this.#parties = parties;
    parties.cancellation.onCancel = (reason) => this.#abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const reason = this.#parties?.cancellation.reason;
    if (reason) this.#abort(reason);
  }

  onRequestSent(): void {
    this.#sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status >= 200) this.#read((reader) => reader.onHead(status, headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // A model provider sends each event as a chunk of its own, and one read brings many of them.
    if (this.#arrived.push(chunk) === 1) void AT_ONCE.then(() => this.#deliver());
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  /** For the reader: nothing more until `resume`. One read that is already under way is kept. */
  pause(): void {
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
    if (!this.#paused) this.#controller?.resume();
  }

  #deliver(): void {
    const [first, ...more] = this.#arrived;
    if (!first || this.#paused) return;
    this.#arrived = [];
    const bytes = more.length === 0 ? first : Buffer.concat([first, ...more]);
    this.#read((reader) => reader.onData(bytes, this));
  }

  // A reader that throws has seen something it cannot use: that ends the exchange, not the process.
  #read(step: (reader: UpstreamReader) => void): void {
    if (!this.#parties) return;
    try {
      step(this.#parties.reader);
    } catch (error) {
      this.#abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #abort(reason: Error): void {
    this.#controller?.abort(reason);
    this.#end(reason);
  }

  #end(error: Error | undefined): void {
    this.#paused = false;
    this.#deliver();
    if (!this.#parties) return;
    const { cancellation, resolve } = this.#parties;
    this.#parties = undefined;
    this.#controller = undefined;
    cancellation.onCancel = undefined;
    resolve({ error, sent: this.#sent });
  }
}
