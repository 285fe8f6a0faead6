import { Pool, type Dispatcher } from 'undici';

/** How long a model provider may take, and how many connections it gets. */
export interface UpstreamOptions {
  /** With its version path: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
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
  readonly signal: AbortSignal;
}

/** Receives an answer as it arrives. */
export interface UpstreamReader {
  onHead(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  onData(chunk: Buffer, flow: { pause(): void; resume(): void }): void;
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
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: UpstreamOptions) {
    const base = new URL(options.baseUrl);
    this.#basePath = base.pathname.replace(/\/$/, '');
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
    if (request.signal.aborted) return Promise.resolve({ error: abortReason(request.signal), sent: false });
    return new Promise((resolve) => {
      const exchange = new Exchange(request.signal, reader, resolve);
      this.#pool.dispatch(
        {
          path: this.#basePath + request.path,
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

class Exchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #over = false;
  readonly #onAbort = (): void => this.#abort(abortReason(this.signal));

  constructor(
    private readonly signal: AbortSignal,
    private readonly reader: UpstreamReader,
    private readonly resolve: (end: UpstreamEnd) => void,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.signal.aborted) this.#abort(abortReason(this.signal));
  }

  onRequestSent(): void {
    this.#sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status >= 200) this.#read(() => this.reader.onHead(status, headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#read(() => this.reader.onData(chunk, controller));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  // A reader that throws has seen something it cannot use: that ends the exchange, not the process.
  #read(step: () => void): void {
    if (this.#over) return;
    try {
      step();
    } catch (error) {
      this.#abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #abort(reason: Error): void {
    this.#controller?.abort(reason);
    this.#end(reason);
  }

  #end(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.resolve({ error, sent: this.#sent });
  }
}

/** Why a call was ended. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
