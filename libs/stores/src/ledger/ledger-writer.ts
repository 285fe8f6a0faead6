import { TollgateError } from '@tollgate/domain';
import type { Ledger } from './ledger.js';
import type { ScopeTotal } from './scope-total.js';
import { FINAL_ATTEMPT, type UsageEvent } from './usage-event.js';

const GROUP_MS = 15;
const MAX_BATCH = 500;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 2000;

/** How the writer reaches its surroundings. */
export interface LedgerWriterOptions {
  readonly ledger: Ledger;
  /** Places for requests under way and ended ones that wait for the ledger, together; each stands for MAX_TRIES events at most. */
  readonly capacity: number;
  /** Called after events are durable, in batches; its promise is not awaited. */
  readonly onDurable: (events: readonly UsageEvent[], totals: readonly ScopeTotal[]) => void;
  /** Told of every failed write; the batch stays and is tried again for ever. */
  readonly onError: (error: unknown) => void;
}

/**
 * Writes usage events behind the calls, in group commits: at most one statement at a time, with everything that
 * came in while the one before was under way. A call takes a place before it starts, so that its events always
 * find room; while the ledger is down, places run out and calls are refused. One place holds for the events of all
 * tries of a call, and is free when the last one is durable: those before it are durable then, as the queue keeps its
 * order.
 */
export class LedgerWriter {
  readonly #queue: UsageEvent[] = [];
  #places = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing = false;
  #retryMs = 0;
  #oldestAtMs = 0;
  readonly #idle: (() => void)[] = [];

  constructor(private readonly options: LedgerWriterOptions) {}

  /** @throws TollgateError `ledger_unavailable` when every place is taken. */
  takePlace(): void {
    if (this.#places >= this.options.capacity) {
      throw new TollgateError(
        'ledger_unavailable',
        'The usage ledger is not keeping up, so no call can be accepted right now.',
        { retryAfterMs: 1000 },
      );
    }
    this.#places += 1;
  }

  /** Gives back the place of a call that made no upstream call. */
  leavePlace(): void {
    this.#places -= 1;
  }

  /** Queues an event of a call that took a place: earlier tries first, and always an end, which gives the place back. */
  write(event: UsageEvent): void {
    if (this.#queue.length === 0) this.#oldestAtMs = Date.now();
    this.#queue.push(event);
    this.#schedule(GROUP_MS);
  }

  /** Events that wait. */
  get backlog(): number {
    return this.#queue.length;
  }

  /** How long the oldest waiting event has waited, in ms. */
  get lagMs(): number {
    return this.#queue.length === 0 ? 0 : Date.now() - this.#oldestAtMs;
  }

  /** Whether a new call would find a place. */
  get hasRoom(): boolean {
    return this.#places < this.options.capacity;
  }

  /** Resolves when every event is durable. */
  async flush(): Promise<void> {
    if (this.#queue.length === 0 && !this.#writing) return;
    this.#schedule(0);
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #schedule(delayMs: number): void {
    if (this.#writing || this.#queue.length === 0) return;
    if (this.#timer && delayMs > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#writeBatch(), Math.max(delayMs, this.#retryMs));
  }

  async #writeBatch(): Promise<void> {
    this.#timer = undefined;
    this.#writing = true;
    const batch = this.#queue.slice(0, MAX_BATCH);
    try {
      const totals = await this.options.ledger.append(batch);
      this.#queue.splice(0, batch.length);
      this.#oldestAtMs = Date.now();
      for (const { attempt } of batch) if (attempt === FINAL_ATTEMPT) this.#places -= 1;
      this.#retryMs = 0;
      this.options.onDurable(batch, totals);
    } catch (error) {
      this.#retryMs = Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, this.#retryMs * 2));
      this.options.onError(error);
    }
    this.#writing = false;
    this.#schedule(this.#queue.length >= MAX_BATCH ? 0 : GROUP_MS);
    if (this.#queue.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
