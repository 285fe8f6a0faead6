import type { TransientMap } from '@tollgate/domain';
import type { OpenCall } from './open-call.js';

/** Ends calls that take too long. All have the same time, so the oldest is due first, and one timer serves them all. */
export class CallDeadlines {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    /** Oldest first. */
    private readonly open: TransientMap<string, OpenCall>,
    private readonly timeoutMs: number,
  ) {}

  /** To be called for each call that was opened. */
  watch(): void {
    if (this.#timer !== undefined) return;
    const oldest = this.#oldestRunning();
    if (!oldest) return;
    const leftMs = oldest.openedMs + this.timeoutMs - performance.now();
    // A process that was frozen wakes with its timers due: what arrived meanwhile is read before any call is ended.
    this.#timer = setTimeout(() => setImmediate(() => this.#endDue()), Math.max(0, Math.ceil(leftMs)));
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  // A call that was ended is still open while its end is counted and written: it must not be due over and over.
  #oldestRunning(): OpenCall | undefined {
    for (const call of this.open.values()) if (!call.cancellation.reason) return call;
    return undefined;
  }

  #endDue(): void {
    this.#timer = undefined;
    const openedMs = performance.now() - this.timeoutMs;
    for (const call of this.open.values()) {
      if (call.openedMs > openedMs) break;
      call.abort('timeout');
    }
    this.watch();
  }
}
