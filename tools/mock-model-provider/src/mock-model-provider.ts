import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { answerAdminRoute } from './admin-desk.js';
import { AnthropicWire } from './anthropic-wire.js';
import { ArrivalGate } from './arrival-gate.js';
import { parseBehaviour } from './behaviour-parser.js';
import { BillBook } from './bill-book.js';
import { ChaosDice } from './chaos-dice.js';
import { EmbeddingsWire } from './embeddings-wire.js';
import { parseJson } from './json-value.js';
import type { MockBill } from './mock-bill.js';
import type { MockBehaviour } from './mock-behaviour.js';
import type { MockRequest } from './mock-request.js';
import { ModelDesk, type CallLedger, type Exchange } from './model-desk.js';
import { OpenAiWire } from './openai-wire.js';
import { sendError } from './plain-sender.js';
import { RequestLog } from './request-log.js';
import { answerSideRoute } from './side-desk.js';
import { idTail } from './wire-renderer.js';
import { MODEL_ROUTES, wireOfPath } from './wire.js';

const DEFAULT_REQUEST_LIMIT = 1_000;
const DEFAULT_SERVED_CALL_LIMIT = 100_000;
const LISTEN_BACKLOG = 4_096;
// Longer than any client's pool keeps a connection, so that it is always the client that closes an idle one.
const KEEP_ALIVE_MS = 120_000;

/** Chooses how a request is answered; `undefined` means by the defaults. */
export type BehaviourChoice = (request: MockRequest) => MockBehaviour | undefined;

/** How a mock model provider is started. */
export interface MockModelProviderOptions {
  /** Loopback only. */
  readonly host?: '127.0.0.1';
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Holds wherever a behaviour says nothing. */
  readonly defaults?: MockBehaviour;
  /** `totals` keeps sums only, for benchmarks; default `full`. */
  readonly record?: 'full' | 'totals';
  /** Requests kept by `requests`; default 1,000. */
  readonly requestLimit?: number;
  /** Request ids kept by `bill().byRequest`; default 100,000. */
  readonly servedCallLimit?: number;
}

/** A fake of the OpenAI and Anthropic HTTP APIs with an exact record of what it served and bills. */
export class MockModelProvider {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without the `/v1` of a client's base URL. */
  readonly url: string;
  readonly #renderers = { openai: new OpenAiWire(), anthropic: new AnthropicWire() };
  readonly #gate = new ArrivalGate();
  readonly #desk: ModelDesk;
  readonly #servedCallLimit: number;
  readonly #requestLimit: number;
  readonly #defaults: MockBehaviour;
  #choose: BehaviourChoice | undefined;
  #fixed: MockBehaviour;
  #dice = new ChaosDice();
  #book: BillBook;
  #log: RequestLog;
  #sequence = 0;
  #openCalls = 0;

  /** Serves on a server that already listens; `startMockModelProvider` makes one. */
  constructor(
    private readonly server: Server,
    options: MockModelProviderOptions,
  ) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port');
    this.port = address.port;
    this.url = `http://127.0.0.1:${address.port}`;
    const isFull = options.record !== 'totals';
    this.#requestLimit = isFull ? (options.requestLimit ?? DEFAULT_REQUEST_LIMIT) : 0;
    this.#servedCallLimit = isFull ? (options.servedCallLimit ?? DEFAULT_SERVED_CALL_LIMIT) : 0;
    this.#desk = new ModelDesk(isFull);
    this.#book = new BillBook(this.#servedCallLimit);
    this.#log = new RequestLog(this.#requestLimit);
    this.#defaults = parseBehaviour(options.defaults ?? {});
    this.#fixed = this.#defaults;
    server.on('request', (request, response) => this.#receive(request, response));
  }

  /** The most recent requests, oldest first; none with `record: 'totals'`. */
  get requests(): readonly MockRequest[] {
    return this.#log.recent;
  }

  /** Model calls that were accepted and are not settled yet. */
  get openCalls(): number {
    return this.#openCalls;
  }

  /** Replaces the behaviour for all requests from now on; throws a TypeError on a behaviour that makes no sense. */
  behave(behaviour: MockBehaviour | BehaviourChoice): void {
    this.#dice = new ChaosDice();
    this.#choose = typeof behaviour === 'function' ? behaviour : undefined;
    this.#fixed =
      typeof behaviour === 'function' ? this.#defaults : { ...this.#defaults, ...parseBehaviour(behaviour) };
  }

  /** Goes back to the defaults with an empty bill and no requests; calls still open are never billed. */
  reset(): void {
    this.behave({});
    this.#book = new BillBook(this.#servedCallLimit);
    this.#log = new RequestLog(this.#requestLimit);
  }

  /** What was served so far; a call is in it before its client sees the end of the answer. */
  bill(): MockBill {
    return this.#book.snapshot();
  }

  /** Resolves once n requests in all have come in since the start or the last reset (admin routes not counted). */
  waitForRequests(n: number): Promise<void> {
    return this.#gate.when(() => this.#log.count >= n);
  }

  /** Resolves once no call is open, such as when a hang-up has been noticed and billed. */
  waitForIdle(): Promise<void> {
    return this.#gate.when(() => this.#openCalls === 0);
  }

  /** Closes every connection and the server; calls still open are settled as hung up. */
  async close(): Promise<void> {
    const isIdle = this.waitForIdle();
    const isClosed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await Promise.all([isClosed, isIdle]);
    this.#gate.close();
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', () => {
      const [first] = parts;
      const bytes = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
      this.#answer(message, response, bytes.toString('utf8'));
    });
  }

  #answer(message: IncomingMessage, response: ServerResponse, bodyText: string): void {
    const { method = 'GET', url = '/', headers } = message;
    const queryAt = url.indexOf('?');
    const path = queryAt === -1 ? url : url.slice(0, queryAt);
    if (path.startsWith('/__')) return answerAdminRoute(this, `${method} ${path}`, response, bodyText);
    this.#sequence += 1;
    const sequence = this.#sequence;
    const givenId = headers['x-client-request-id'];
    const requestId = typeof givenId === 'string' ? givenId : `mock-request-${sequence}`;
    const body = bodyText === '' ? undefined : parseJson(bodyText);
    const request: MockRequest = { requestId, method, path, headers, body, bodyText };
    const renderer =
      MODEL_ROUTES.get(path) === 'embeddings' ? new EmbeddingsWire(body) : this.#renderers[wireOfPath(path)];
    response.setHeader(renderer.requestIdHeader, `req_${idTail(sequence)}`);
    const behaviour = this.#behaviourFor(request);
    this.#log.add(request);
    if (behaviour instanceof Error) {
      const error = { status: 500, message: `the mock's behaviour function threw: ${behaviour.message}` };
      sendError(response, renderer, error, sequence);
    } else {
      this.#route({ request, response, renderer, behaviour, sequence });
    }
    this.#gate.notify();
  }

  #behaviourFor(request: MockRequest): MockBehaviour | Error {
    if (this.#choose === undefined) return this.#fixed;
    try {
      return { ...this.#defaults, ...parseBehaviour(this.#choose(request) ?? {}) };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #route(exchange: Exchange): void {
    const { method, path } = exchange.request;
    if (MODEL_ROUTES.has(path) && method === 'POST') this.#desk.answer(exchange, this.#dice, this.#ledger());
    else answerSideRoute(exchange);
  }

  // Holds on to the book of its time: a call that outlives a reset does not show up in the next bill.
  #ledger(): CallLedger {
    const book = this.#book;
    return {
      opened: () => {
        this.#openCalls += 1;
      },
      settled: (call, wasOpen) => {
        if (wasOpen) this.#openCalls -= 1;
        book.add(call);
        this.#gate.notify();
      },
    };
  }
}

/** Starts a mock on a loopback port; rejects when the port is taken. */
export async function startMockModelProvider(
  options: MockModelProviderOptions = {},
): Promise<MockModelProvider> {
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port ?? 0, backlog: LISTEN_BACKLOG }, resolve);
  });
  return new MockModelProvider(server, options);
}
