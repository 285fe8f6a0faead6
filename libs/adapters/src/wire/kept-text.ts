import { eventData, splitEvents } from './sse-splitter.js';

const COMPACT_AT_BYTES = 32 * 1024;

/** Keeps what a stream said, for counting should its usage never come. */
export class KeptText {
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #text = '';

  /** @param textOf the text that an event's data holds */
  constructor(private readonly textOf: (data: unknown) => string) {}

  /** Takes whole events; nothing is parsed before it must be. */
  add(events: Buffer): void {
    this.#kept.push(events);
    this.#keptBytes += events.length;
    if (this.#keptBytes >= COMPACT_AT_BYTES) this.#compact();
  }

  clear(): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.#text = '';
  }

  get text(): string {
    this.#compact();
    return this.#text;
  }

  // A token takes hundreds of bytes on the wire and four as text: long streams are boiled down as they grow.
  #compact(): void {
    const texts = this.#kept
      .flatMap((events) => splitEvents(events))
      .map((event) => this.textOf(parseEventData(event.toString('utf8'))));
    this.#text += texts.join('');
    this.#kept = [];
    this.#keptBytes = 0;
  }
}

/** The JSON in an event; undefined for anything else, which is the client's to judge. */
export function parseEventData(event: string): unknown {
  const data = eventData(event);
  if (data === '' || data === '[DONE]') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
