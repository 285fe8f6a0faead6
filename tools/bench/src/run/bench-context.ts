import type { Generator } from '../load/generator.js';
import type { BenchOptions } from './bench-options.js';
import type { Cleanup } from './cleanup.js';
import type { Mock } from './mock.js';

/** What every figure is taken with. */
export interface BenchContext {
  readonly options: BenchOptions;
  readonly cleanup: Cleanup;
  readonly mock: Mock;
  readonly generator: Generator;
  /** Tells what goes on; shown on a terminal only. */
  readonly say: (line: string) => void;
}
