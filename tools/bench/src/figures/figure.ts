import type { Section } from '../report/section.js';
import type { BenchContext } from '../run/bench-context.js';
import type { FigureId } from '../run/bench-options.js';
import { measureArchiveScale } from './archive-scale.js';
import { measureArchiveThroughput } from './archive-throughput.js';
import { measureCheckpoints } from './checkpoints.js';
import { measureHeldStreamMemory } from './held-stream-memory.js';
import { measurePlainCpu } from './plain-cpu.js';
import { measurePlainLatency } from './plain-latency.js';
import { measureStreamCost } from './stream-cost.js';
import { measureWorkers } from './workers.js';

/** How each figure is measured. */
export const figures: Readonly<Record<FigureId, (context: BenchContext) => Promise<Section>>> = {
  S1: measurePlainCpu,
  S2: measurePlainLatency,
  S3: measureStreamCost,
  S4: measureHeldStreamMemory,
  S5: measureWorkers,
  S6: measureCheckpoints,
  S7: measureArchiveThroughput,
  S8: measureArchiveScale,
};
