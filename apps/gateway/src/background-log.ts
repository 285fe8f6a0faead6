import { TollgateError } from '@tollgate/domain';
import type { Logger } from 'pino';

const REPEAT_MS = 10_000;

/** Logs trouble of background work, each source at most every ten seconds: a dependency that is down fails all the time. */
export class BackgroundLog {
  readonly #lastMs = new Map<string, number>();

  constructor(private readonly logger: Logger) {}

  /** A listener for one source's errors. */
  listener(source: string): (error: unknown) => void {
    return (error) => {
      const nowMs = Date.now();
      if (nowMs - (this.#lastMs.get(source) ?? 0) < REPEAT_MS) return;
      this.#lastMs.set(source, nowMs);
      this.logger.error({ source, error: describe(error) }, 'background work failed');
    };
  }
}

// Messages of drivers may hold an address, never a row or a secret of ours: statements have parameters.
function describe(error: unknown): string {
  const cause = error instanceof TollgateError && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause
    ? `${cause.name} ${String(cause.code)}: ${cause.message}`
    : `${cause.name}: ${cause.message}`;
}
