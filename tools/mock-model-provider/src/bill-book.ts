import type { MockBill, ServedCall, ServedStatus } from './mock-bill.js';

/** Adds up the served calls; keeps at most `servedCallLimit` of them one by one (0 = totals only). */
export class BillBook {
  #calls = 0;
  #inputTokens = 0;
  #cachedInputTokens = 0;
  #outputTokens = 0;
  readonly #byStatus: Record<ServedStatus, number> = { completed: 0, aborted: 0, failed: 0 };
  readonly #byRequest = new Map<string, ServedCall>();

  constructor(private readonly servedCallLimit: number) {}

  /** Books one ended attempt; attempts under one request id are added together. */
  add(call: Omit<ServedCall, 'attempts'>): void {
    this.#calls += 1;
    this.#inputTokens += call.inputTokens;
    this.#cachedInputTokens += call.cachedInputTokens;
    this.#outputTokens += call.outputTokens;
    this.#byStatus[call.status] += 1;
    if (this.servedCallLimit > 0) this.#keep(call);
  }

  /** A copy of the sums that later calls do not change. */
  snapshot(): MockBill {
    return {
      calls: this.#calls,
      inputTokens: this.#inputTokens,
      cachedInputTokens: this.#cachedInputTokens,
      outputTokens: this.#outputTokens,
      byStatus: { ...this.#byStatus },
      byRequest: new Map(this.#byRequest),
    };
  }

  #keep(call: Omit<ServedCall, 'attempts'>): void {
    const earlier = this.#byRequest.get(call.requestId);
    this.#byRequest.delete(call.requestId);
    this.#byRequest.set(call.requestId, {
      ...call,
      inputTokens: call.inputTokens + (earlier?.inputTokens ?? 0),
      cachedInputTokens: call.cachedInputTokens + (earlier?.cachedInputTokens ?? 0),
      outputTokens: call.outputTokens + (earlier?.outputTokens ?? 0),
      attempts: 1 + (earlier?.attempts ?? 0),
    });
    if (this.#byRequest.size <= this.servedCallLimit) return;
    const oldest = this.#byRequest.keys().next();
    if (oldest.done !== true) this.#byRequest.delete(oldest.value);
  }
}
