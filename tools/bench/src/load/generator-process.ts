import { HeldStreams } from './held-streams.js';
import type { GeneratorAnswer, GeneratorJob, HoldResult, LoadResult } from './load-job.js';
import { runLoad } from './load-run.js';

let held = new HeldStreams();

function perform(job: GeneratorJob): Promise<LoadResult | HoldResult> {
  switch (job.type) {
    case 'load':
      return runLoad(job);
    case 'hold':
      held = new HeldStreams();
      return held.open(job);
    case 'release':
      return held.release();
  }
}

function reply(answer: GeneratorAnswer): void {
  process.send?.(answer);
}

process.on('disconnect', () => process.exit());
process.on('message', (job: GeneratorJob) => {
  perform(job).then(
    (result) => reply({ type: 'done', result }),
    (error: unknown) => reply({ type: 'failed', message: String(error) }),
  );
});
process.send?.('ready');
