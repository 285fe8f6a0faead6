import { eventData, splitEvents } from '../wire/sse-splitter.js';
import { invalidAnswer } from './read-answer.js';

const CUT_SHORT = {
  error: {
    message: 'The model provider cut the stream short.',
    type: 'api_error',
    code: 'upstream_invalid_response',
  },
};

/** How far a stream has come: `done` when the model provider said so, `failed` when it sent an error or went silent. */
export type StreamState = 'open' | 'done' | 'failed';

/** One answer's way from the events of one wire to those of the other. It keeps no text that has passed. */
export abstract class StreamTranslation {
  #state: StreamState = 'open';

  /** Whether the client has seen the end of the answer. */
  get state(): StreamState {
    return this.#state;
  }

  /**
   * Takes whole server-sent events and answers the other wire's; what follows the end is left out.
   * @throws TollgateError `upstream_invalid_response` for what cannot be an answer
   */
  feed(events: Buffer): Buffer {
    const translated: string[] = [];
    for (const event of splitEvents(events)) {
      if (this.#state !== 'open') break;
      const data = eventData(event.toString('utf8'));
      if (data !== '') translated.push(this.#translate(data));
    }
    return Buffer.from(translated.join(''));
  }

  /** The end of the upstream's bytes: an error event for the client when its answer is not complete. */
  end(): Buffer {
    return Buffer.from(this.#state === 'open' ? this.fail(CUT_SHORT) : '');
  }

  /** The events for the client that the data of one event makes. */
  protected abstract translate(data: string): string;
  /** The error event for an error body of the upstream's wire. */
  protected abstract errorEvent(body: unknown): string;

  protected complete(events: string): string {
    this.#state = 'done';
    return events;
  }

  protected fail(body: unknown): string {
    this.#state = 'failed';
    return this.errorEvent(body);
  }

  #translate(data: string): string {
    try {
      return this.translate(data);
    } catch {
      // Neither the parser's words nor zod's may show what the model wrote.
      throw invalidAnswer();
    }
  }
}
