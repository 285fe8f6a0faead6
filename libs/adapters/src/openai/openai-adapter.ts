import { TollgateError } from '@tollgate/domain';
import type { Cancellation } from '../cancellation.js';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import type { ChatRequest } from '../chat/chat-request.js';
import {
  ModelAdapter,
  type CallOutcome,
  type ChatCall,
  type Completion,
  type CountableInput,
  type StreamSink,
} from '../model-adapter.js';
import { BodyCollector } from '../upstream/body-collector.js';
import { brokenOff, refused } from '../upstream/upstream-failure.js';
import { Upstream, type UpstreamReader } from '../upstream/upstream.js';
import { ChatStream } from './chat-stream.js';
import { boundInputTokens, countableInput } from './input-bound.js';
import { formatOpenaiRequest } from './openai-request.js';
import { generatedText, parseUsage } from './openai-usage.js';
import { SseSplitter } from './sse-splitter.js';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const CHAT_PATH = '/chat/completions';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const header = (headers: Headers, name: string): string => String(headers[name] ?? '');
const invalid = (message: string): TollgateError => new TollgateError('upstream_invalid_response', message);

/** OpenAI's chat completions over its own wire: what the client sent and what comes back pass through as bytes. */
export class OpenaiAdapter extends ModelAdapter {
  readonly modelProvider = 'openai';

  constructor(private readonly upstream: Upstream) {
    super();
  }

  boundInputTokens(request: ChatRequest, model: CatalogueModel): number {
    return boundInputTokens(request, model);
  }

  countableInput(request: ChatRequest): CountableInput {
    return countableInput(request);
  }

  async complete(call: ChatCall): Promise<Completion> {
    const reader = new PlainReader();
    const { error, sent } = await this.upstream.post(upstreamRequest(call), reader);
    if (error)
      return reader.status === 200 || reader.status === 0
        ? brokenOff({ error, sent }, { kind: 'unknown' })
        : refused(reader.status, reader.body.take(), reader.retryAfter);
    if (reader.status !== 200) return refused(reader.status, reader.body.take(), reader.retryAfter);
    return readCompletion(reader.body.take());
  }

  async stream(call: ChatCall, sink: StreamSink): Promise<CallOutcome> {
    const reader = new StreamReader(call, sink);
    const { error, sent } = await this.upstream.post(upstreamRequest(call), reader);
    if (reader.errorBody)
      return error && reader.status === 200
        ? brokenOff({ error, sent }, { kind: 'unknown' })
        : refusedStream(reader);
    if (error)
      return brokenOff({ error, sent }, reader.status === 0 ? { kind: 'unknown' } : reader.chat.billing);
    if (!reader.chat.done)
      return {
        status: 'failed',
        billing: reader.chat.billing,
        error: invalid('The model provider cut the stream short.'),
      };
    return { status: 'completed', billing: reader.chat.billing };
  }

  async close(): Promise<void> {
    await this.upstream.close();
  }
}

function upstreamRequest(call: ChatCall): {
  path: string;
  body: Buffer;
  headers: Record<string, string>;
  cancellation: Cancellation;
} {
  return {
    path: CHAT_PATH,
    body: formatOpenaiRequest(call),
    headers: { 'x-client-request-id': call.requestId },
    cancellation: call.cancellation,
  };
}

function readCompletion(body: Buffer): Completion {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'));
    if (!Array.isArray((answer as { choices?: unknown } | null)?.choices)) throw invalid('no choices');
    const usage = parseUsage((answer as { usage?: unknown }).usage);
    return {
      status: 'completed',
      body,
      billing: usage ? { kind: 'reported', usage } : { kind: 'counted', text: generatedText(answer) },
    };
  } catch {
    // What it holds may be a prompt or an answer: not a word of it goes into the error.
    return {
      status: 'failed',
      billing: { kind: 'unknown' },
      error: invalid('The model provider sent something that is not a chat completion.'),
    };
  }
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
  readonly chat: ChatStream;
  status = 0;
  retryAfter = '';
  /** Collects an answer that is not a stream of events. */
  errorBody: BodyCollector | undefined;
  readonly #splitter = new SseSplitter();
  readonly #sink: StreamSink;

  constructor(call: ChatCall, sink: StreamSink) {
    this.chat = new ChatStream(!call.request.wantsUsage);
    this.#sink = sink;
  }

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
    for (const passed of this.chat.pass(events))
      if (passed.length > 0 && !this.#sink.write(passed, () => flow.resume())) isSlow = true;
    if (isSlow) flow.pause();
  }
}
