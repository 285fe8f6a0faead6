import type { TokenUsage } from '@tollgate/domain';
import type { Billing } from '../model-adapter.js';
import { generatedText, parseUsage } from './openai-usage.js';
import { eventAround, eventData, splitEvents } from './sse-splitter.js';

/** Stands in every usage and nowhere else: in the model's own words its quotes would be escaped. */
const USAGE_MARK = Buffer.from('"prompt_tokens"');
const DONE = Buffer.from('data: [DONE]');
const DONE_TIGHT = Buffer.from('data:[DONE]');
const LF = 0x0a;
/** A comment or a line break may follow `[DONE]` in a read of its own. */
const TAIL_BYTES = 64;
const COMPACT_AT_BYTES = 32 * 1024;

/** Whether a line starts with these bytes; the model's own words, in JSON, never start one. */
function hasLine(events: Buffer, start: Buffer): boolean {
  let at = events.indexOf(start);
  while (at > 0 && events[at - 1] !== LF) at = events.indexOf(start, at + 1);
  return at !== -1;
}

function parseData(event: string): unknown {
  const data = eventData(event);
  if (data === '' || data === '[DONE]') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    // An event that is not JSON has no usage and no text; it is the client's to judge.
    return undefined;
  }
}

/**
 * Watches a chat completion stream pass: takes the usage out of it and keeps what would have to be counted if no
 * usage came. On the way nothing is parsed but the one event that carries the usage.
 */
export class ChatStream {
  #usage: TokenUsage | undefined;
  /** The end of the stream so far. */
  #last: Buffer | undefined;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #text = '';

  constructor(private readonly stripUsage: boolean) {}

  /** Takes whole events and answers what of them the client gets, in one piece or more. */
  pass(events: Buffer): readonly Buffer[] {
    if (this.#usage === undefined) this.#keep(events);
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
    this.#compact();
    return { kind: 'counted', text: this.#text };
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
    const chunk = parseData(event) as { usage?: unknown; choices?: unknown } | undefined;
    const usage = parseUsage(chunk?.usage);
    if (!usage) return false;
    this.#usage = usage;
    this.#kept = [];
    this.#text = '';
    return Array.isArray(chunk?.choices) && chunk.choices.length === 0;
  }

  #keep(events: Buffer): void {
    this.#kept.push(events);
    this.#keptBytes += events.length;
    if (this.#keptBytes >= COMPACT_AT_BYTES) this.#compact();
  }

  // A token takes hundreds of bytes on the wire and four as text: long streams are boiled down as they grow.
  #compact(): void {
    const texts = this.#kept
      .flatMap((events) => splitEvents(events))
      .map((event) => generatedText(parseData(event.toString('utf8'))));
    this.#text += texts.join('');
    this.#kept = [];
    this.#keptBytes = 0;
  }
}
