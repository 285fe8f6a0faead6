import { textUsage, type TokenUsage } from '@tollgate/domain';
import type { ModelRequest, Wire } from '../model-request.js';
import {
  ModelAdapter,
  type Billing,
  type CallOutcome,
  type ModelCall,
  type Completion,
  type CountableInput,
  type StreamSink,
} from '../model-adapter.js';
import { brokenOff } from '../upstream/upstream-failure.js';
import type { Cancellation } from '../cancellation.js';

const WORDS =
  "Hello from Tollgate's stub model. Set OPENAI_API_KEY to reach a real one; this answer is always the same.".split(
    /(?<= )/,
  );
const BYTES_PER_TOKEN = 4;

/** How slow the stub is. */
export interface StubOptions {
  /** Time before the first byte. */
  readonly latencyMs: number;
  /** Time between two chunks of a stream. */
  readonly chunkDelayMs: number;
}

/** Answers without a model: always the same text, a word a token, with usage like a real one; for trying out and for tests. */
export class StubAdapter extends ModelAdapter {
  readonly modelProvider = 'stub';

  constructor(private readonly options: StubOptions) {
    super();
  }

  speaks(wire: Wire): boolean {
    return wire === 'chat';
  }

  boundInputTokens(request: ModelRequest): number {
    return request.bytes.length;
  }

  countableInput(request: ModelRequest): CountableInput {
    return { texts: [], overheadTokens: inputTokens(request), marginTokens: 0, tokenFactor: 1 };
  }

  async complete(call: ModelCall): Promise<Completion> {
    if (!(await this.#wait(this.options.latencyMs, call.cancellation))) return ended(call, { kind: 'none' });
    const { words, finishReason } = answerFor(call);
    const usage = usageOf(call, words.length);
    const message = { role: 'assistant', content: words.join(''), refusal: null };
    const choices = indices(call).map((index) => ({
      index,
      message,
      logprobs: null,
      finish_reason: finishReason,
    }));
    const body = { ...head(call, 'chat.completion'), choices, usage: wireUsage(usage) };
    return {
      status: 'completed',
      body: Buffer.from(JSON.stringify(body)),
      billing: { kind: 'reported', usage },
    };
  }

  async stream(call: ModelCall, sink: StreamSink): Promise<CallOutcome> {
    if (!(await this.#wait(this.options.latencyMs, call.cancellation))) return ended(call, { kind: 'none' });
    const { words, finishReason } = answerFor(call);
    const chunk = (delta: object, finish: string | null = null): Promise<void> => {
      const choices = indices(call).map((index) => ({ index, delta, logprobs: null, finish_reason: finish }));
      return send(
        sink,
        {
          ...head(call, 'chat.completion.chunk'),
          choices,
          ...(call.request.wantsUsage ? { usage: null } : {}),
        },
        call.cancellation,
      );
    };
    await chunk({ role: 'assistant', content: '' });
    for (const [position, word] of words.entries()) {
      if (!(await this.#wait(position === 0 ? 0 : this.options.chunkDelayMs, call.cancellation))) {
        return ended(call, { kind: 'reported', usage: usageOf(call, position) });
      }
      await chunk({ content: word });
    }
    await chunk({}, finishReason);
    const usage = usageOf(call, words.length);
    if (call.request.wantsUsage)
      await send(
        sink,
        { ...head(call, 'chat.completion.chunk'), choices: [], usage: wireUsage(usage) },
        call.cancellation,
      );
    await write(sink, 'data: [DONE]\n\n', call.cancellation);
    const billing: Billing = { kind: 'reported', usage };
    return call.cancellation.reason ? ended(call, billing) : { status: 'completed', billing };
  }

  async close(): Promise<void> {}

  /** False when the call was ended meanwhile. */
  async #wait(ms: number, cancellation: Cancellation): Promise<boolean> {
    if (ms > 0 && !cancellation.reason)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        cancellation.onCancel = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    return !cancellation.reason;
  }
}

const ended = ({ cancellation }: ModelCall, billing: Billing): CallOutcome =>
  brokenOff({ error: cancellation.reason ?? new Error('ended'), sent: true }, billing);
const indices = ({ request }: ModelCall): number[] =>
  Array.from({ length: request.choices }, (_, index) => index);
const inputTokens = (request: ModelRequest): number => Math.ceil(request.bytes.length / BYTES_PER_TOKEN);

function answerFor(call: ModelCall): { words: string[]; finishReason: 'stop' | 'length' } {
  const words = WORDS.slice(0, call.request.outputCap ?? call.outputCap);
  return { words, finishReason: words.length < WORDS.length ? 'length' : 'stop' };
}

function usageOf(call: ModelCall, words: number): TokenUsage {
  return textUsage(inputTokens(call.request), words * call.request.choices);
}

function wireUsage({ inputTokens: prompt, outputTokens: completion }: TokenUsage): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0 },
  };
}

function head(call: ModelCall, object: string): object {
  return {
    id: `chatcmpl-${call.requestId}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: call.model.id,
    system_fingerprint: 'fp_stub',
  };
}

function send(sink: StreamSink, chunk: object, cancellation: Cancellation): Promise<void> {
  return write(sink, `data: ${JSON.stringify(chunk)}\n\n`, cancellation);
}

/** Waits for a slow client, but not for one that has gone. */
function write(sink: StreamSink, event: string, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    if (cancellation.reason || sink.write(Buffer.from(event), resolve)) return resolve();
    cancellation.onCancel = () => resolve();
  });
}
