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
import type { StreamTranslation } from './stream-translation.js';

/** How requests of one wire become requests of another, and their answers come back. */
export interface WireTranslation {
  readonly from: Wire;
  readonly to: Wire;
  /** @throws TollgateError `parameter_not_translatable` */
  request(request: ModelRequest, model: CatalogueModel, outputCap: number): ModelRequest;
  answer(body: unknown): object;
  /** A model provider's refusal. */
  refusal(body: unknown, status: number): object;
  stream(request: ModelRequest): StreamTranslation;
}

interface Translated {
  readonly model: CatalogueModel;
  readonly outputCap: number;
  readonly request: ModelRequest;
}

/** A model provider of another wire, for clients of this one. */
export class TranslatedAdapter extends ModelAdapter {
  readonly modelProvider: string;
  /** A request is bounded first and sent later: it is translated once. */
  readonly #translated = new WeakMap<ModelRequest, Translated>();

  constructor(
    private readonly native: ModelAdapter,
    private readonly translation: WireTranslation,
  ) {
    super();
    this.modelProvider = native.modelProvider;
  }

  speaks(wire: Wire): boolean {
    return wire === this.translation.from;
  }

  boundInputTokens(request: ModelRequest, model: CatalogueModel, outputCap: number): number {
    return this.native.boundInputTokens(this.#translate(request, model, outputCap), model, outputCap);
  }

  countableInput(request: ModelRequest): CountableInput {
    // Whoever counts has bounded before.
    return this.native.countableInput(this.#translated.get(request)?.request ?? request);
  }

  async complete(call: ModelCall): Promise<Completion> {
    const { body, ...outcome } = await this.native.complete(this.#callOf(call));
    if (!body) return this.#withRefusal(outcome);
    try {
      const answer = this.translation.answer(JSON.parse(body.toString('utf8')));
      return { ...outcome, body: Buffer.from(JSON.stringify(answer)) };
    } catch (error) {
      // It was answered, and is billed; only the client cannot have it.
      return { ...outcome, status: 'failed', error: toError(error) };
    }
  }

  async stream(call: ModelCall, sink: StreamSink): Promise<CallOutcome> {
    const translator = this.translation.stream(call.request);
    const outcome = await this.native.stream(this.#callOf(call), {
      write: (events, resume) => {
        const translated = translator.feed(events);
        return translated.length === 0 || sink.write(translated, resume);
      },
    });
    return { ...this.#withRefusal(outcome), ...(translator.state === 'failed' && { isErrorSent: true }) };
  }

  /** The adapter is borrowed. */
  async close(): Promise<void> {}

  #callOf(call: ModelCall): ModelCall {
    return { ...call, request: this.#translate(call.request, call.model, call.outputCap) };
  }

  #translate(request: ModelRequest, model: CatalogueModel, outputCap: number): ModelRequest {
    const known = this.#translated.get(request);
    if (known?.model === model && known.outputCap === outputCap) return known.request;
    const translated = this.translation.request(request, model, outputCap);
    this.#translated.set(request, { model, outputCap, request: translated });
    return translated;
  }

  #withRefusal(outcome: CallOutcome): CallOutcome {
    const { refusal } = outcome;
    if (!refusal) return outcome;
    const body = Buffer.from(
      JSON.stringify(this.translation.refusal(parseJson(refusal.body), refusal.status)),
    );
    return { ...outcome, refusal: { status: refusal.status, body } };
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // Its translation says that no reason was given.
  }
}

function toError(error: unknown): TollgateError {
  return error instanceof TollgateError
    ? error
    : new TollgateError('upstream_invalid_response', 'The model provider sent an answer of another form.');
}
