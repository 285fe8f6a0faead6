import type { TokenUsage } from '@tollgate/domain';
import type { Billing } from '../../model-adapter.js';
import { KeptText, parseEventData } from '../../wire/kept-text.js';
import { eventAround } from '../../wire/sse-splitter.js';
import type { StreamWatcher } from '../../wire/wire-protocol.js';
import { messagesText, parseMessagesUsage } from './messages-usage.js';

/** Stands in every usage: in the model's own words its quotes would be escaped, so only a tool can be called so. */
const USAGE_MARK = Buffer.from('"output_tokens"');
const END_MARK = Buffer.from('"message_stop"');

interface UsageEvent {
  readonly type?: unknown;
  readonly message?: { readonly usage?: unknown };
  readonly usage?: object;
}

/** The events that have a mark in them. */
function* eventsWith(mark: Buffer, events: Buffer): Iterable<UsageEvent | undefined> {
  for (let at = events.indexOf(mark); at !== -1;) {
    const { start, end } = eventAround(events, at);
    yield parseEventData(events.toString('utf8', start, end)) as UsageEvent | undefined;
    at = events.indexOf(mark, end);
  }
}

/** Watches a message stream pass: its first event has the input's usage, the one before its last the output's. */
export class MessagesStream implements StreamWatcher {
  #started: object | undefined;
  #usage: TokenUsage | undefined;
  #isDone = false;
  readonly #kept = new KeptText(messagesText);

  pass(events: Buffer): readonly Buffer[] {
    if (!this.#usage) this.#kept.add(events);
    for (const event of eventsWith(USAGE_MARK, events)) this.#readUsage(event);
    for (const event of eventsWith(END_MARK, events)) this.#isDone ||= event?.type === 'message_stop';
    return [events];
  }

  get done(): boolean {
    return this.#isDone;
  }

  get billing(): Billing {
    if (this.#usage) return { kind: 'reported', usage: this.#usage };
    const input = parseMessagesUsage(this.#started);
    return { kind: 'counted', text: this.#kept.text, ...(input && { input }) };
  }

  #readUsage(event: UsageEvent | undefined): void {
    if (event?.type === 'message_start') this.#started = event.message?.usage as object | undefined;
    if (event?.type !== 'message_delta') return;
    // Its counts are running totals; those of the input may be left out.
    this.#usage = parseMessagesUsage({ ...this.#started, ...event.usage });
    if (this.#usage) this.#kept.clear();
  }
}
