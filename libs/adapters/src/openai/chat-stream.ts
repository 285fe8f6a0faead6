import type { TokenUsage } from '@tollgate/domain';
import type { Billing } from '../model-adapter.js';
import { generatedText, parseUsage } from './openai-usage.js';
import { eventData, splitEvents } from './sse-splitter.js';

const USAGE_KEY = Buffer.from('"usage"');
const DONE = Buffer.from('data: [DONE]');
const DONE_TIGHT = Buffer.from('data:[DONE]');
const [LF, SPACE, COLON, LETTER_N] = [0x0a, 0x20, 0x3a, 0x6e];
/** A comment or a line break may follow `[DONE]` in a read of its own. */
const TAIL_BYTES = 64;
const COMPACT_AT_BYTES = 32 * 1024;

/** Whether a `"usage"` key with anything but null stands in these events; a quote inside a JSON string would be escaped. */
function mentionsUsage(events: Buffer): boolean {
  for (let at = events.indexOf(USAGE_KEY); at !== -1; at = events.indexOf(USAGE_KEY, at + 1)) {
    let value = at + USAGE_KEY.length;
    while (events[value] === SPACE || events[value] === COLON) value += 1;
    if (events[value] !== LETTER_N) return true;
  }
  return false;
}

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

  /** Takes whole events and answers what of them the client gets. */
  pass(events: Buffer): Buffer {
    if (this.#usage === undefined) this.#keep(events);
    this.#last =
      this.#last && events.length < TAIL_BYTES
        ? Buffer.concat([this.#last.subarray(-TAIL_BYTES), events])
        : events;
    return mentionsUsage(events) ? this.#takeUsage(events) : events;
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

  #takeUsage(events: Buffer): Buffer {
    const passed: Buffer[] = [];
    for (const event of splitEvents(events)) {
      const chunk = mentionsUsage(event) ? parseData(event.toString('utf8')) : undefined;
      const usage = parseUsage((chunk as { usage?: unknown } | undefined)?.usage);
      if (usage) {
        this.#usage = usage;
        this.#kept = [];
        this.#text = '';
      }
      const choices = (chunk as { choices?: unknown } | undefined)?.choices;
      const onlyUsage = usage !== undefined && Array.isArray(choices) && choices.length === 0;
      if (!onlyUsage || !this.stripUsage) passed.push(event);
    }
    return Buffer.concat(passed);
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
