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
    const oldest = this.#timer === undefined ? this.open.values().next().value : undefined;
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
