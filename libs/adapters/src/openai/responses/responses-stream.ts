import type { TokenUsage } from '@tollgate/domain';
import type { Billing } from '../../model-adapter.js';
import { KeptText, parseEventData } from '../../wire/kept-text.js';
import { eventAround } from '../../wire/sse-splitter.js';
import type { StreamWatcher } from '../../wire/wire-protocol.js';
import { parseResponsesUsage, responsesText } from './responses-usage.js';

/** Stands in every usage and nowhere else: in the model's own words its quotes would be escaped. */
const USAGE_MARK = Buffer.from('"input_tokens"');
const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** Watches a response's events pass: the last of them carries the whole response with its usage. */
export class ResponsesStream implements StreamWatcher {
  #usage: TokenUsage | undefined;
  #isDone = false;
  readonly #kept = new KeptText(responsesText);

  pass(events: Buffer): readonly Buffer[] {
    if (!this.#usage) this.#kept.add(events);
    for (let at = events.indexOf(USAGE_MARK); at !== -1;) {
      const { start, end } = eventAround(events, at);
      this.#readEnd(parseEventData(events.toString('utf8', start, end)));
      at = events.indexOf(USAGE_MARK, end);
    }
    return [events];
  }

  get done(): boolean {
    return this.#isDone;
  }

  get billing(): Billing {
    return this.#usage
      ? { kind: 'reported', usage: this.#usage }
      : { kind: 'counted', text: this.#kept.text };
  }

  #readEnd(event: unknown): void {
    const { type, response } = (event ?? {}) as { type?: unknown; response?: { usage?: unknown } };
    if (typeof type !== 'string' || !ENDS.has(type)) return;
    this.#isDone = true;
    this.#usage = parseResponsesUsage(response?.usage);
    if (this.#usage) this.#kept.clear();
  }
}
