import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel';
import { ArchiveStoreError } from '../archive-store-error.js';

const MAX_TRIES = 5;
const MAX_WAIT_MS = 30_000;
const BACKOFF = new ExponentialBackoff({
  generator: fullJitterGenerator,
  initialDelay: 200,
  maxDelay: MAX_WAIT_MS,
});
/** A body that came too short is worth a second look before anybody is woken up. */
const TRANSIENT = new Set(['unavailable', 'corrupt']);

/** Waits; rejects as soon as the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Does something of which a repetition does no harm until it succeeds: at most five times, after as long as the archive
 * asks for, and at least after a random part of 200 ms, 400 ms, …. A longer wait than 30 s is left to the caller.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { wait, signal }: { readonly wait: Wait; readonly signal: AbortSignal },
): Promise<T> {
  let backoff = BACKOFF.next();
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ArchiveStoreError) || !TRANSIENT.has(error.reason)) throw error;
      const waitMs = Math.max(error.retryAfterMs ?? 0, backoff.duration);
      if (tries >= MAX_TRIES || waitMs > MAX_WAIT_MS || signal.aborted) throw error;
      await wait(waitMs, signal);
      backoff = backoff.next(undefined);
    }
  }
}
