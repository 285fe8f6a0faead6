import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AdapterRegistry, type CallOutcome, type TokenCounter } from '@tollgate/adapters';
import { TollgateError, TransientMap } from '@tollgate/domain';
import type { LedgerWriter, UsageEvent } from '@tollgate/stores';
import type { TenantDirectory } from '@tollgate/tenant-config';
import { CallDeadlines } from './call-deadlines.js';
import { attribute } from './attribute.js';
import { authenticate } from './authenticate.js';
import type { HoldStep } from './hold.js';
import { measure, type Measured } from './measure.js';
import type { ModelRoute } from './model-route.js';
import { OpenCall } from './open-call.js';
import { resolveModel, type ModelPolicy } from './resolve-model.js';
import type { SettleStep } from './settle.js';

const FLUSH_TIMEOUT_MS = 10_000;

/** Told of calls for metrics and the log. */
export interface CallObserver {
  onOpened(call: OpenCall): void;
  onFailedTry(event: UsageEvent, outcome: CallOutcome): void;
  onFinished(call: OpenCall, event: UsageEvent, outcome: CallOutcome): void;
}

/** Everything a call passes. */
export interface RiverOptions {
  readonly directory: TenantDirectory;
  readonly adapters: AdapterRegistry;
  readonly policy: ModelPolicy;
  readonly holdStep: HoldStep;
  readonly counter: TokenCounter;
  readonly writer: LedgerWriter;
  readonly settleStep: SettleStep;
  readonly observer: CallObserver;
  readonly requestTimeoutMs: number;
}

/**
 * The way of every model call: authenticate → attribute → parse → resolve → bound → hold, then the upstream call,
 * which its route makes, then measure → ledger → settle behind the answer's back.
 */
export class River {
  readonly #open = new TransientMap<string, OpenCall>();
  readonly #deadlines: CallDeadlines;
  #entering = 0;
  /** Answers that are written whole, but that their clients have not taken yet. */
  #undelivered = 0;
  #draining = false;
  #whenEmpty: (() => void) | undefined;

  constructor(private readonly options: RiverOptions) {
    this.#deadlines = new CallDeadlines(this.#open, options.requestTimeoutMs);
  }

  /** Up to the hold. @throws TollgateError when any step refuses; nothing is then held or spent */
  async enter(route: ModelRoute, http: IncomingMessage, requestId: string, body: Buffer): Promise<OpenCall> {
    const startedMs = performance.now();
    const { directory, adapters, policy, writer, holdStep } = this.options;
    if (this.#draining)
      throw new TollgateError('draining', 'This instance is shutting down.', { retryAfterMs: 1000 });
    const principal = authenticate(http, directory);
    const attribution = attribute(principal, http.headers);
    const request = route.protocol.parse(body, http.headers);
    const resolved = resolveModel(
      { model: request.model, taskType: attribution.taskType },
      principal.tenant,
      adapters,
      policy,
      request.wire,
    );
    writer.takePlace();
    this.#entering += 1;
    try {
      const input = { requestId, principal, attribution, request, resolved };
      const { served, hold, headroom } = await holdStep.take(input);
      this.options.settleStep.expect(hold);
      const degraded = [
        ...(headroom ? [] : ['budget']),
        ...(directory.staleSinceMs === undefined ? [] : ['settings']),
      ];
      const facts = {
        requestId,
        askedModelId: resolved.model.id,
        principal,
        attribution,
        route,
        request,
        served,
        findFallback: () => holdStep.findFallback(input, hold),
        hold,
        headroom,
        degraded,
        startedMs,
      };
      const call = new OpenCall(facts);
      this.#open.set(requestId, call);
      this.#deadlines.watch();
      this.options.observer.onOpened(call);
      return call;
    } catch (error) {
      writer.leavePlace();
      throw error;
    } finally {
      this.#entering -= 1;
      this.#noticeEmpty();
    }
  }

  /** Puts a try that failed and cost nothing into the ledger; the call goes on. */
  recordFailedTry(call: OpenCall, outcome: CallOutcome): void {
    const event = call.toFailedTry(outcome);
    this.options.writer.write(event);
    this.options.observer.onFailedTry(event, outcome);
  }

  /** From the end of the upstream call on; the event is queued when this returns, and settled later. */
  async leave(call: OpenCall, outcome: CallOutcome): Promise<Measured> {
    const { served } = call;
    const measured = await measure(
      outcome.billing,
      served.bound,
      call.facts.request,
      served,
      this.options.counter,
    );
    const event = call.toEvent(outcome, measured);
    this.options.writer.write(event);
    this.#open.delete(event.requestId);
    this.options.observer.onFinished(call, event, outcome);
    this.#noticeEmpty();
    return measured;
  }

  /**
   * Ends a call that a defect of ours broke off, if it is still open: its hold counts as spent, since nobody knows
   * what was sent. Without an end it would be kept alive, and its place taken, as long as the process lives.
   */
  async abandon(call: OpenCall): Promise<void> {
    if (!this.#open.has(call.facts.requestId)) return;
    call.abort('shutdown');
    const error = new TollgateError('internal_error', 'The call broke off inside the gateway.');
    await this.leave(call, { status: 'failed', billing: { kind: 'unknown' }, error });
  }

  /** Lets a shutdown wait for an answer that is written whole and that its client is slow to take. */
  awaitDelivery(response: ServerResponse): void {
    if (response.destroyed || response.writableLength === 0) return;
    this.#undelivered += 1;
    response.once('close', () => {
      this.#undelivered -= 1;
      this.#noticeEmpty();
    });
  }

  get inFlight(): number {
    return this.#open.size;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Refuses new calls from now on. */
  close(): void {
    this.#draining = true;
  }

  /** Lets running calls finish and clients take their answers for at most `graceMs`, cuts the rest, and sees every event into the ledger and settled. */
  async drain(graceMs: number): Promise<void> {
    this.close();
    const deadlineMs = performance.now() + graceMs;
    await this.#emptied(graceMs);
    for (const call of this.#open.values()) call.abort('shutdown');
    await this.#emptied(1000);
    this.#deadlines.stop();
    // A ledger that is down must not keep the process from ending: the holds stand, and a sweeper settles them.
    await Promise.race([this.#flush(), sleep(FLUSH_TIMEOUT_MS, undefined, { ref: false })]);
    await this.#emptied(deadlineMs - performance.now());
  }

  async #flush(): Promise<void> {
    await this.options.writer.flush();
    await this.options.settleStep.flush();
  }

  get #isEmpty(): boolean {
    return this.#open.size + this.#entering + this.#undelivered === 0;
  }

  #noticeEmpty(): void {
    if (this.#isEmpty) this.#whenEmpty?.();
  }

  async #emptied(timeoutMs: number): Promise<void> {
    if (this.#isEmpty || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#whenEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
