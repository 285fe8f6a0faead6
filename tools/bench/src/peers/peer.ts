import type { Target } from '../load/load-job.js';
import type { BenchContext } from '../run/bench-context.js';

/** A way from a client to the model provider that runs. */
export interface RunningPeer {
  readonly target: Target;
  /** Root of the process tree that is measured; undefined when there is nothing in between. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** A way from a client to the model provider that the bench compares. */
export interface Peer {
  readonly name: string;
  /** Starts it in front of the mock; the error of one that cannot be started stands in the table. */
  start(context: BenchContext): Promise<RunningPeer>;
}

/** Any key will do for the mock. */
export const mockHeaders = { authorization: 'Bearer sk-bench' } as const;
