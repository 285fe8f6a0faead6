import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@tollgate/domain';
import { ArchiveStoreError, type RaisedAlarm } from '@tollgate/stores';
import { ForeignBucketError } from '../bucket/marker.js';
import { isOutage } from '../outage.js';

const CHECK_EVERY_MS = 600_000;
/** The longest that one step has its turn; what is left comes in the next pass. */
const TURN_MS = 600_000;
const MAX_BACKOFF_MS = 300_000;
const FIRST_BACKOFF_MS = 1000;
const JITTER = 0.2;

/** One kind of work, done in every pass or less often. */
export interface WorkStep {
  readonly name: string;
  /** 0: in every pass. */
  readonly everyMs: number;
  /** Ends soon after the signal, with its work left in order. */
  run(signal: AbortSignal): Promise<void>;
}

/** Why no work is done until the archive is found in order again. */
export type PauseReason = 'the archive refuses our credentials' | 'the archive belongs to another database';

/** What a worker is made of. */
export interface WorkerOptions {
  /** In their order. */
  readonly steps: readonly WorkStep[];
  /** Whether the archive is ours and does all that we need. @throws ForeignBucketError, ArchiveStoreError */
  readonly checkArchive: () => Promise<void>;
  readonly listAlarms: () => Promise<readonly RaisedAlarm[]>;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly turnMs?: number;
  readonly onError: (step: string, error: unknown) => void;
  readonly onPaused: (reason: PauseReason) => void;
  readonly onResumed: () => void;
  /** Told of each alarm once, by whichever replica. */
  readonly onAlarm: (alarm: RaisedAlarm) => void;
}

/** The daemon: one pass after the other over all steps, for ever. */
export class Worker {
  readonly #stopping = new AbortController();
  readonly #doneAtMs = new Map<WorkStep, number>();
  #loop: Promise<void> | undefined;
  #pauseReason: PauseReason | undefined;
  #checkAtMs = 0;
  #failures = 0;
  #alarms = new Set<string>();

  constructor(private readonly options: WorkerOptions) {}

  get pauseReason(): PauseReason | undefined {
    return this.#pauseReason;
  }

  get openAlarms(): number {
    return this.#alarms.size;
  }

  get isDraining(): boolean {
    return this.#stopping.signal.aborted;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Begins nothing any more: what is under way ends by itself, packs included. */
  drain(): void {
    this.#stopping.abort();
  }

  /** Drains, and answers whether everything had ended in this time. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.drain();
    const waiting = new AbortController();
    const late = sleep(timeoutMs, false, { signal: waiting.signal }).catch(() => false);
    const ended = await Promise.race([this.#loop?.then(() => true) ?? true, late]);
    waiting.abort();
    return ended;
  }

  async #run(): Promise<void> {
    const { wait = pause } = this.options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const pauseMs = await this.#pass();
      if (!signal.aborted) await wait(pauseMs, signal);
    }
  }

  /** Answers how long to wait for the next one. */
  async #pass(): Promise<number> {
    const { intervalMs, random = Math.random } = this.options;
    try {
      await this.#check();
      for (const step of this.options.steps) await this.#take(step);
    } catch (error) {
      return this.#backOff(error);
    } finally {
      await this.#attempt('alarms', () => this.#lookAtAlarms());
    }
    this.#failures = 0;
    return intervalMs * (1 - JITTER + 2 * JITTER * random());
  }

  async #check(): Promise<void> {
    const { clock, checkArchive, onResumed } = this.options;
    if (this.#pauseReason === undefined && clock.now() < this.#checkAtMs) return;
    await checkArchive();
    this.#checkAtMs = clock.now() + CHECK_EVERY_MS;
    if (this.#pauseReason === undefined) return;
    this.#pauseReason = undefined;
    onResumed();
  }

  async #take(step: WorkStep): Promise<void> {
    const { clock, turnMs = TURN_MS } = this.options;
    const isDue = clock.now() >= (this.#doneAtMs.get(step) ?? -Infinity) + step.everyMs;
    if (!isDue || this.isDraining) return;
    const turn = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(turnMs)]);
    const isDone = await this.#attempt(step.name, () => step.run(turn));
    // What was cut goes on in the next pass.
    if (isDone && !turn.aborted) this.#doneAtMs.set(step, clock.now());
  }

  /** One kind of work that does not get on keeps no other from it; an archive that is away keeps all of them. */
  async #attempt(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (isOutage(error)) throw error;
      this.options.onError(name, error);
      return false;
    }
  }

  async #lookAtAlarms(): Promise<void> {
    const alarms = await this.options.listAlarms();
    for (const alarm of alarms) if (!this.#alarms.has(alarm.id)) this.options.onAlarm(alarm);
    this.#alarms = new Set(alarms.map(({ id }) => id));
  }

  #backOff(error: unknown): number {
    const { random = Math.random, onError, onPaused } = this.options;
    const reason = pauseReasonOf(error);
    if (reason === undefined) onError('archive', error);
    else if (reason !== this.#pauseReason) onPaused(reason);
    this.#pauseReason = reason ?? this.#pauseReason;
    this.#checkAtMs = 0;
    this.#failures += 1;
    const longestMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures);
    return FIRST_BACKOFF_MS + random() * (longestMs - FIRST_BACKOFF_MS);
  }
}

function pauseReasonOf(error: unknown): PauseReason | undefined {
  if (error instanceof ForeignBucketError) return 'the archive belongs to another database';
  if (error instanceof ArchiveStoreError && error.reason === 'denied')
    return 'the archive refuses our credentials';
  return undefined;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined); // woken by the stop
}
