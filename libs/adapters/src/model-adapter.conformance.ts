import { afterEach, describe, expect, it } from '@jest/globals';
import { NO_TOKENS, uuidV7 } from '@tollgate/domain';
import { Cancellation } from './cancellation.js';
import type { CatalogueModel } from './catalogue/catalogue-model.js';
import { parseChatRequest } from './openai/chat/chat-request.js';
import type { CallOutcome, ModelCall, ModelAdapter, StreamSink } from './model-adapter.js';
import { CallAbortedError } from './upstream/upstream-failure.js';

/** How slow the model is. */
export interface Pace {
  readonly latencyMs: number;
  readonly chunkDelayMs: number;
}

/** A model behind an adapter. It answers each choice with at least eight words, a token each. */
export interface ModelAdapterBench {
  readonly adapter: ModelAdapter;
  /** Resolves once a call waits for its model. */
  untilCalled(): Promise<void>;
  /** Resolves once the model has said all it has to say, read or not. */
  untilSaid(): Promise<void>;
  close(): Promise<void>;
}

const AT_ONCE: Pace = { latencyMs: 0, chunkDelayMs: 0 };
const NEVER_MS = 600_000;
const ASK = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say something.' }] };

const MODEL: CatalogueModel = {
  id: 'gpt-4o-mini',
  upstreamId: 'gpt-4o-mini',
  modelProvider: 'openai',
  contextWindow: 128_000,
  maxOutputTokens: 16_384,
  price: undefined,
  priceVersion: 'none',
};

/** A call of one model with a body that is written as JSON. */
export function chatCall(more: object = {}, cancellation = new Cancellation(), outputCap = 100): ModelCall {
  const request = parseChatRequest(Buffer.from(JSON.stringify({ ...ASK, ...more })));
  return { requestId: uuidV7(Date.now()), model: MODEL, request, outputCap, cancellation };
}

interface Chunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: unknown;
}

/** Keeps what was written. `accept` decides of each write whether the client can take more. */
export class RecordingSink implements StreamSink {
  readonly writes: Buffer[] = [];

  constructor(private readonly accept: (resume: () => void, writes: number) => boolean = () => true) {}

  write(events: Buffer, resume: () => void): boolean {
    this.writes.push(events);
    return this.accept(resume, this.writes.length);
  }

  /** The data of all events. */
  get data(): string[] {
    const events = Buffer.concat(this.writes).toString('utf8').split('\n\n');
    expect(events.pop()).toBe('');
    return events.map((event) => event.replace(/^data: /, ''));
  }

  get chunks(): Chunk[] {
    return this.data.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Chunk);
  }

  /** The words of one choice. */
  wordsOf(index: number): string[] {
    return this.chunks.flatMap(({ choices }) =>
      choices
        .filter((choice) => choice.index === index)
        .flatMap(({ delta }) => (delta.content ? [delta.content] : [])),
    );
  }
}

/** Aborts its call with the write that brings so many words. */
function hangUpAfter(words: number, cancellation: Cancellation): RecordingSink {
  const sink: RecordingSink = new RecordingSink(() => {
    if (sink.wordsOf(0).length === words) cancellation.cancel(new CallAbortedError('client-gone'));
    return true;
  });
  return sink;
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What not every model can do. */
export interface ModelTraits {
  /** Whether it gives several choices at once. */
  readonly givesChoices: boolean;
}

/** What every adapter must do for OpenAI's chat wire. `open` starts a fresh model and its adapter. */
export function describeModelAdapter(
  name: string,
  open: (pace: Pace) => Promise<ModelAdapterBench>,
  traits: ModelTraits = { givesChoices: true },
): void {
  describe(`${name} as a ModelAdapter`, () => {
    let bench: ModelAdapterBench;
    const start = async (pace: Partial<Pace> = {}): Promise<ModelAdapter> => {
      bench = await open({ ...AT_ONCE, ...pace });
      return bench.adapter;
    };
    afterEach(() => bench.close());

    it('answers a plain call with a chat completion and bills the usage in it', async () => {
      const { status, body, billing, error } = await (await start()).complete(chatCall());
      expect({ status, error }).toEqual({ status: 'completed', error: undefined });
      const answer = JSON.parse(String(body)) as Record<string, unknown>;
      expect(answer).toMatchObject({
        object: 'chat.completion',
        choices: [
          { index: 0, message: { role: 'assistant', content: expect.any(String) }, finish_reason: 'stop' },
        ],
      });
      expect(billing).toEqual({ kind: 'reported', usage: usageIn(answer['usage']) });
    });

    it('bounds the input tokens of a call from above', async () => {
      const call = chatCall();
      const adapter = await start();
      const { billing } = await adapter.complete(call);
      if (billing.kind !== 'reported') throw new Error('no usage');
      expect(adapter.boundInputTokens(call.request, MODEL, call.outputCap)).toBeGreaterThanOrEqual(
        billing.usage.inputTokens,
      );
    });

    it.each([
      ['the cap of the gateway', {}, 3],
      ['the cap of the request', { max_completion_tokens: 3 }, 3],
      ['the old cap of the request', { max_tokens: 3 }, 3],
    ])('keeps %s', async (_, more, outputCap) => {
      const adapter = await start();
      const { body, billing } = await adapter.complete(chatCall(more, undefined, outputCap));
      expect(JSON.parse(String(body))).toMatchObject({ choices: [{ finish_reason: 'length' }] });
      expect(billing).toMatchObject({ kind: 'reported', usage: { outputTokens: 3 } });
      const sink = new RecordingSink();
      const outcome = await adapter.stream(chatCall({ ...more, stream: true }, undefined, outputCap), sink);
      expect(outcome).toMatchObject({
        status: 'completed',
        billing: { kind: 'reported', usage: { outputTokens: 3 } },
      });
      expect(sink.wordsOf(0)).toHaveLength(3);
    });

    it('gives n choices, each with the cap, and bills all of them; or refuses them by name', async () => {
      const adapter = await start();
      if (!traits.givesChoices) {
        const { request } = chatCall({ n: 3 });
        expect(() => adapter.boundInputTokens(request, MODEL, 5)).toThrow(
          expect.objectContaining({ code: 'parameter_not_translatable', param: 'n' }),
        );
        return;
      }
      const { body, billing } = await adapter.complete(chatCall({ n: 3 }, undefined, 5));
      const { choices } = JSON.parse(String(body)) as { choices: { index: number }[] };
      expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(billing).toMatchObject({ kind: 'reported', usage: { outputTokens: 15 } });
      const sink = new RecordingSink();
      const outcome = await adapter.stream(chatCall({ n: 3, stream: true }, undefined, 5), sink);
      expect(outcome.billing).toMatchObject({ kind: 'reported', usage: { outputTokens: 15 } });
      expect([0, 1, 2].map((index) => sink.wordsOf(index).length)).toEqual([5, 5, 5]);
    });

    it('streams whole events up to [DONE], without the usage that the client did not ask for', async () => {
      const adapter = await start();
      const sink = new RecordingSink();
      const outcome = await adapter.stream(chatCall({ stream: true }), sink);
      expect(outcome).toEqual({
        status: 'completed',
        billing: { kind: 'reported', usage: expect.anything() },
      });
      for (const events of sink.writes) expect(events.toString('utf8')).toMatch(/^data: [^]*\n\n$/);
      expect(sink.data.at(-1)).toBe('[DONE]');
      expect(sink.chunks.filter(({ choices }) => choices.length === 0)).toEqual([]);
      expect(sink.chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
      expect(sink.wordsOf(0).length).toBeGreaterThanOrEqual(8);
    });

    it('ends a stream with the usage when the client asked for it', async () => {
      const adapter = await start();
      const sink = new RecordingSink();
      const ask = { stream: true, stream_options: { include_usage: true } };
      const { billing } = await adapter.stream(chatCall(ask), sink);
      const last = sink.chunks.at(-1);
      expect(last?.choices).toEqual([]);
      expect(billing).toEqual({ kind: 'reported', usage: usageIn(last?.usage) });
      for (const chunk of sink.chunks.slice(0, -1)) expect(chunk.usage).toBeNull();
    });

    it.each(['complete', 'stream'] as const)(
      'ends at once when it is told to before the first byte: %s',
      async (method) => {
        const adapter = await start({ latencyMs: NEVER_MS });
        const cancellation = new Cancellation();
        const sink = new RecordingSink();
        const running = adapter[method](chatCall({ stream: method === 'stream' }, cancellation), sink);
        await bench.untilCalled();
        cancellation.cancel(new CallAbortedError('client-gone'));
        const outcome = await running;
        expect(outcome).toEqual({ status: 'aborted', billing: outcome.billing });
        expect(['none', 'unknown']).toContain(outcome.billing.kind);
        expect(sink.writes).toEqual([]);
      },
    );

    it('makes no call when it was told to end before', async () => {
      const adapter = await start();
      const cancellation = new Cancellation();
      cancellation.cancel(new CallAbortedError('client-gone'));
      const sink = new RecordingSink();
      expect(await adapter.complete(chatCall({}, cancellation))).toEqual({
        status: 'aborted',
        billing: { kind: 'none' },
      });
      expect(await adapter.stream(chatCall({ stream: true }, cancellation), sink)).toEqual({
        status: 'aborted',
        billing: { kind: 'none' },
      });
      expect(sink.writes).toEqual([]);
    });

    it('ends in mid-stream when it is told to, and bills just what came', async () => {
      const adapter = await start({ chunkDelayMs: 1 });
      const cancellation = new Cancellation();
      const sink = hangUpAfter(4, cancellation);
      const outcome = await adapter.stream(chatCall({ stream: true }, cancellation), sink);
      expect(outcome).toEqual({ status: 'aborted', billing: outcome.billing });
      expect(sink.wordsOf(0)).toHaveLength(4);
      expectBilled(outcome, sink);
    });

    it.each([
      ['timeout', 'upstream_timeout'],
      ['shutdown', 'draining'],
    ] as const)('fails a call that a %s ends', async (reason, code) => {
      const adapter = await start({ latencyMs: NEVER_MS });
      const cancellation = new Cancellation();
      const running = adapter.complete(chatCall({}, cancellation));
      await bench.untilCalled();
      cancellation.cancel(new CallAbortedError(reason));
      expect(await running).toMatchObject({ status: 'failed', error: { code } });
    });

    it('writes nothing while the client is slow, and all the rest when it has caught up', async () => {
      const adapter = await start({ chunkDelayMs: 1 });
      let resume = (): void => undefined;
      let isFull = (): void => undefined;
      const full = new Promise<void>((resolve) => (isFull = resolve));
      const sink = new RecordingSink((caughtUp, writes) => {
        if (writes !== 2) return true;
        resume = caughtUp;
        isFull();
        return false;
      });
      const running = adapter.stream(chatCall({ stream: true }), sink);
      await full;
      await bench.untilSaid();
      for (let turn = 0; turn < 50; turn += 1) await turnOfLoop();
      expect(sink.writes).toHaveLength(2);
      resume();
      expect(await running).toMatchObject({ status: 'completed' });
      expect(sink.data.at(-1)).toBe('[DONE]');
    });

    it('brings everything to a client that is always slow', async () => {
      const adapter = await start();
      const quick = new RecordingSink();
      await adapter.stream(chatCall({ stream: true }), quick);
      const slow = new RecordingSink((resume) => {
        setImmediate(resume);
        return false;
      });
      await adapter.stream(chatCall({ stream: true }), slow);
      expect(slow.wordsOf(0)).toEqual(quick.wordsOf(0));
      expect(slow.data.at(-1)).toBe('[DONE]');
    });

    it('does not wait for a slow client that has gone', async () => {
      const adapter = await start({ chunkDelayMs: 1 });
      const cancellation = new Cancellation();
      const sink = new RecordingSink(() => {
        setImmediate(() => cancellation.cancel(new CallAbortedError('client-gone')));
        return false;
      });
      const outcome = await adapter.stream(chatCall({ stream: true }, cancellation), sink);
      expect(outcome.status).toBe('aborted');
      expectBilled(outcome, sink);
    });
  });
}

/** What was billed of a stream that was ended: the words that came, as counts or as text. */
function expectBilled({ billing }: CallOutcome, sink: RecordingSink): void {
  const words = sink.wordsOf(0);
  if (billing.kind === 'reported') expect(billing.usage.outputTokens).toBe(words.length);
  else if (billing.kind === 'counted' && billing.input)
    expect(billing).toEqual({ kind: 'counted', text: words.join(''), input: billing.input });
  else expect(billing).toEqual({ kind: 'counted', text: words.join('') });
}

/** A usage without special parts, from the wire. */
function usageIn(wire: unknown): object {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = wire as Record<string, number>;
  return { ...NO_TOKENS, inputTokens, outputTokens };
}
