import {
  CircuitBreakerPolicy,
  CircuitState,
  SamplingBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { CallOutcome, CatalogueModel } from '@tollgate/adapters';

const WINDOW_MS = 30_000;
/** Below half a call a second a window says too little. */
const MIN_CALLS_PER_SECOND = 0.5;
const PROBE_AFTER_MS = 5_000;
const MAX_BREAKERS = 5_000;

// Refusals and rate limits are answers of a model provider that works.
function isFault({ error }: CallOutcome): boolean {
  return error?.code === 'upstream_error' || error?.code === 'upstream_timeout';
}

/** One circuit breaker for each model of each model provider. */
export class Breakers {
  readonly #breakers = new Map<string, CircuitBreakerPolicy>();

  /** @param failurePercent the share of failed calls that opens a breaker; 0: none ever opens */
  constructor(private readonly failurePercent: number) {}

  /** The breaker of a model; undefined when there are none, or too many models to keep one for each. */
  of({ modelProvider, id }: CatalogueModel): CircuitBreakerPolicy | undefined {
    if (this.failurePercent === 0) return undefined;
    const key = `${modelProvider} ${id}`;
    let breaker = this.#breakers.get(key);
    if (!breaker && this.#breakers.size < MAX_BREAKERS) {
      breaker = circuitBreaker(
        handleWhenResult((outcome) => isFault(outcome as CallOutcome)),
        {
          halfOpenAfter: PROBE_AFTER_MS,
          breaker: new SamplingBreaker({
            threshold: this.failurePercent / 100,
            duration: WINDOW_MS,
            minimumRps: MIN_CALLS_PER_SECOND,
          }),
        },
      );
      this.#breakers.set(key, breaker);
    }
    return breaker;
  }

  /** Every breaker as `model provider`, `model` and whether it lets no calls through now. */
  *list(): Iterable<{ modelProvider: string; model: string; isOpen: boolean }> {
    for (const [key, breaker] of this.#breakers) {
      const [modelProvider = '', model = ''] = key.split(' ');
      yield { modelProvider, model, isOpen: breaker.state === CircuitState.Open };
    }
  }
}
