import type { ServedCall, ServedStatus } from './mock-bill.js';
import type { TokenUsage } from './token-usage.js';
import type { StreamFrame } from './wire-renderer.js';

/** What is known of a call before its answer goes out. */
export interface OpenCallFacts {
  readonly requestId: string;
  readonly model: string;
  readonly isStream: boolean;
  /** Billed when the whole answer is generated. */
  readonly usage: TokenUsage;
  /** Text of choice 0 of the whole answer. */
  readonly wholeText: string;
  /** Nothing is generated for this call: an error status, or silence. */
  readonly generatesNothing: boolean;
}

const NO_TOKENS: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** A call that is being answered; it is settled, and so billed, exactly once. */
export class OpenCall {
  #writtenTokens = 0;
  #writtenText = '';
  #isSettled = false;

  constructor(
    private readonly facts: OpenCallFacts,
    private readonly onSettled: (call: Omit<ServedCall, 'attempts'>) => void,
  ) {}

  /** Notes a stream event as written. */
  readonly wrote = (frame: StreamFrame): void => {
    this.#writtenTokens += frame.tokens;
    this.#writtenText += frame.content;
  };

  /** The whole answer was handed to the socket. */
  complete(): void {
    const text = this.facts.isStream ? this.#writtenText : this.facts.wholeText;
    this.#settle('completed', this.facts.usage, text);
  }

  /** The answer ends early or spoilt: a stream bills the chunks written, a plain answer all that was generated. */
  abort(): void {
    const { isStream, usage, wholeText } = this.facts;
    if (!isStream) return this.#settle('aborted', usage, wholeText);
    this.#settle('aborted', { ...usage, outputTokens: this.#writtenTokens }, this.#writtenText);
  }

  /** Nothing was generated. */
  fail(): void {
    this.#settle('failed', NO_TOKENS, '');
  }

  /** The connection is gone; does nothing after a settled answer. */
  readonly lose = (): void => {
    if (this.facts.generatesNothing) this.fail();
    else this.abort();
  };

  #settle(status: ServedStatus, usage: TokenUsage, streamedContent: string): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { requestId, model } = this.facts;
    const { inputTokens, cachedInputTokens, outputTokens } = usage;
    this.onSettled({
      requestId,
      model,
      inputTokens,
      cachedInputTokens,
      outputTokens,
      status,
      streamedContent,
    });
  }
}
