import type { TokenUsage } from '@tollgate/domain';
import type { Billing } from '../../model-adapter.js';
import type { StreamWatcher } from '../../wire/wire-protocol.js';
import { generatedText, parseUsage } from './chat-usage.js';
import { KeptText, parseEventData } from '../../wire/kept-text.js';
import { eventAround } from '../../wire/sse-splitter.js';

/** Stands in every usage and nowhere else: in the model's own words its quotes would be escaped. */
const USAGE_MARK = Buffer.from('"prompt_tokens"');
const DONE = Buffer.from('data: [DONE]');
const DONE_TIGHT = Buffer.from('data:[DONE]');
const LF = 0x0a;
/** A comment or a line break may follow `[DONE]` in a read of its own. */
const TAIL_BYTES = 64;

/** Whether a line starts with these bytes; the model's own words, in JSON, never start one. */
function hasLine(events: Buffer, start: Buffer): boolean {
  let at = events.indexOf(start);
  // At the start of a piece that was cut off nobody knows what stood before.
  const isLineStart = (): boolean => (at === 0 ? events.length < TAIL_BYTES : events[at - 1] === LF);
  while (at !== -1 && !isLineStart()) at = events.indexOf(start, at + 1);
  return at !== -1;
}

/**
 * Watches a chat completion stream pass: takes the usage out of it and keeps what would have to be counted if no
 * usage came. On the way nothing is parsed but the one event that carries the usage.
 */
export class ChatStream implements StreamWatcher {
  #usage: TokenUsage | undefined;
  /** The end of the stream so far. */
  #last: Buffer | undefined;
  readonly #kept = new KeptText(generatedText);

  constructor(private readonly stripUsage: boolean) {}

  /** Takes whole events and answers what of them the client gets, in one piece or more. */
  pass(events: Buffer): readonly Buffer[] {
    if (this.#usage === undefined) this.#kept.add(events);
    const tail = events.subarray(-TAIL_BYTES);
    this.#last = this.#last && tail.length < TAIL_BYTES ? Buffer.concat([this.#last, tail]) : tail;
    const mark = events.indexOf(USAGE_MARK);
    return mark === -1 ? [events] : this.#takeUsage(events, mark);
  }

  /** Whether the model provider said that the stream is complete. */
  get done(): boolean {
    return this.#last !== undefined && (hasLine(this.#last, DONE) || hasLine(this.#last, DONE_TIGHT));
  }

  /** What the stream cost so far. */
  get billing(): Billing {
    if (this.#usage) return { kind: 'reported', usage: this.#usage };
    return { kind: 'counted', text: this.#kept.text };
  }

  #takeUsage(events: Buffer, mark: number): Buffer[] {
    const passed: Buffer[] = [];
    let from = 0;
    for (let at = mark; at !== -1; at = events.indexOf(USAGE_MARK, from)) {
      const { start, end } = eventAround(events, at);
      const isPassed = !this.#readUsage(events.toString('utf8', start, end)) || !this.stripUsage;
      passed.push(events.subarray(from, isPassed ? end : start));
      from = end;
    }
    passed.push(events.subarray(from));
    return passed;
  }

  /** Takes the usage out of an event, and says whether there is nothing else in it. */
  #readUsage(event: string): boolean {
    const chunk = parseEventData(event) as { usage?: unknown; choices?: unknown } | undefined;
    const usage = parseUsage(chunk?.usage);
    if (!usage) return false;
    this.#usage = usage;
    this.#kept.clear();
    return Array.isArray(chunk?.choices) && chunk.choices.length === 0;
  }
}
