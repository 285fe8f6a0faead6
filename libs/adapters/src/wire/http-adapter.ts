import { TollgateError } from '@tollgate/domain';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import {
  ModelAdapter,
  type CallOutcome,
  type Completion,
  type CountableInput,
  type ModelCall,
  type StreamSink,
} from '../model-adapter.js';
import type { ModelRequest, Wire } from '../model-request.js';
import { BodyCollector } from '../upstream/body-collector.js';
import { brokenOff, refused } from '../upstream/upstream-failure.js';
import type { Upstream, UpstreamReader, UpstreamRequest } from '../upstream/upstream.js';
import { SseSplitter } from './sse-splitter.js';
import type { StreamWatcher, WireProtocol } from './wire-protocol.js';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const header = (headers: Headers, name: string): string => String(headers[name] ?? '');
const invalid = (message: string): TollgateError => new TollgateError('upstream_invalid_response', message);

/** A model provider over HTTP, on the wires that it speaks: what the client sent and what comes back pass as bytes. */
export class HttpAdapter extends ModelAdapter {
  readonly #protocols: ReadonlyMap<Wire, WireProtocol>;

  constructor(
    readonly modelProvider: string,
    private readonly upstream: Upstream,
    protocols: readonly WireProtocol[],
  ) {
    super();
    this.#protocols = new Map(protocols.map((protocol) => [protocol.wire, protocol]));
  }

  speaks(wire: Wire): boolean {
    return this.#protocols.has(wire);
  }

  boundInputTokens(request: ModelRequest, model: CatalogueModel): number {
    return this.#protocolOf(request).boundInputTokens(request, model);
  }

  countableInput(request: ModelRequest): CountableInput {
    return this.#protocolOf(request).countableInput(request);
  }

  async complete(call: ModelCall): Promise<Completion> {
    const reader = new PlainReader();
    const protocol = this.#protocolOf(call.request);
    const { error, sent } = await this.upstream.post(upstreamRequest(call, protocol), reader);
    if (error)
      return reader.status === 200 || reader.status === 0
        ? brokenOff({ error, sent }, { kind: 'unknown' })
        : refused(reader.status, reader.body.take(), reader.retryAfter);
    if (reader.status !== 200) return refused(reader.status, reader.body.take(), reader.retryAfter);
    return readCompletion(reader.body.take(), protocol);
  }

  async stream(call: ModelCall, sink: StreamSink): Promise<CallOutcome> {
    const protocol = this.#protocolOf(call.request);
    const reader = new StreamReader(protocol.watch(call.request), sink);
    const { error, sent } = await this.upstream.post(upstreamRequest(call, protocol), reader);
    if (reader.errorBody)
      return error && reader.status === 200
        ? brokenOff({ error, sent }, { kind: 'unknown' })
        : refusedStream(reader);
    if (error)
      return brokenOff({ error, sent }, reader.status === 0 ? { kind: 'unknown' } : reader.watcher.billing);
    if (!reader.watcher.done)
      return {
        status: 'failed',
        billing: reader.watcher.billing,
        error: invalid('The model provider cut the stream short.'),
      };
    return { status: 'completed', billing: reader.watcher.billing };
  }

  async close(): Promise<void> {
    await this.upstream.close();
  }

  #protocolOf({ wire }: ModelRequest): WireProtocol {
    const protocol = this.#protocols.get(wire);
    if (!protocol) throw new Error(`the adapter does not speak ${wire}`);
    return protocol;
  }
}

function upstreamRequest(call: ModelCall, protocol: WireProtocol): UpstreamRequest {
  return {
    path: protocol.path,
    body: protocol.format(call),
    headers: { 'x-client-request-id': call.requestId, ...call.request.headers },
    cancellation: call.cancellation,
  };
}

function readCompletion(body: Buffer, protocol: WireProtocol): Completion {
  let billing;
  try {
    billing = protocol.bill(JSON.parse(body.toString('utf8')));
  } catch {
    // What it holds may be a prompt or an answer: not a word of it goes into the error.
  }
  if (billing) return { status: 'completed', body, billing };
  return {
    status: 'failed',
    billing: { kind: 'unknown' },
    error: invalid('The model provider sent something that is not an answer.'),
  };
}

function refusedStream(reader: StreamReader): CallOutcome {
  if (reader.status !== 200)
    return refused(reader.status, reader.errorBody?.take() ?? Buffer.alloc(0), reader.retryAfter);
  return {
    status: 'failed',
    billing: { kind: 'unknown' },
    error: invalid('The model provider did not answer with a stream.'),
  };
}

class PlainReader implements UpstreamReader {
  body = new BodyCollector(MAX_ANSWER_BYTES);
  status = 0;
  retryAfter = '';

  onHead(status: number, headers: Headers): void {
    this.status = status;
    this.retryAfter = header(headers, 'retry-after');
    if (status !== 200) this.body = new BodyCollector(MAX_ERROR_BYTES);
  }

  onData(chunk: Buffer): void {
    this.body.add(chunk);
  }
}

class StreamReader implements UpstreamReader {
  status = 0;
  retryAfter = '';
  /** Collects an answer that is not a stream of events. */
  errorBody: BodyCollector | undefined;
  readonly #splitter = new SseSplitter();

  constructor(
    readonly watcher: StreamWatcher,
    private readonly sink: StreamSink,
  ) {}

  onHead(status: number, headers: Headers): void {
    this.status = status;
    this.retryAfter = header(headers, 'retry-after');
    if (status !== 200 || !header(headers, 'content-type').startsWith('text/event-stream'))
      this.errorBody = new BodyCollector(MAX_ERROR_BYTES);
  }

  onData(chunk: Buffer, flow: { pause(): void; resume(): void }): void {
    if (this.errorBody) return this.errorBody.add(chunk);
    const events = this.#splitter.feed(chunk);
    if (!events) return;
    let isSlow = false;
    for (const passed of this.watcher.pass(events))
      if (passed.length > 0 && !this.sink.write(passed, () => flow.resume())) isSlow = true;
    if (isSlow) flow.pause();
  }
}
