import type { Cleanup } from '../run/cleanup.js';
import { runOwnScript, type OwnScript } from '../run/own-script.js';
import type { GeneratorAnswer, GeneratorJob, HoldResult, LoadJob, LoadResult, Target } from './load-job.js';

const TIME_LIMIT_MS = 240_000;
const ANSWER_MARGIN_MS = 60_000;

/** Every outcome but a whole answer, in one line; empty when there was none. */
export function describeProblems(problems: Readonly<Record<string, number>>): string {
  return Object.entries(problems)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ');
}

/** The load generator as a process of its own; it does one thing at a time. */
export class Generator {
  private constructor(private readonly script: OwnScript<'ready'>) {}

  static async start(cleanup: Cleanup): Promise<Generator> {
    return new Generator(await runOwnScript(cleanup, 'load/generator-process'));
  }

  /** Sends requests; answers other than a whole 200 are in the result's `problems`. */
  async load(job: Omit<LoadJob, 'type' | 'timeLimitMs'>): Promise<LoadResult> {
    return (await this.#ask({ type: 'load', timeLimitMs: TIME_LIMIT_MS, ...job })) as LoadResult;
  }

  /** Sends requests; throws unless every answer was a whole 200. */
  async loadWhole(job: Omit<LoadJob, 'type' | 'timeLimitMs'>): Promise<LoadResult> {
    const result = await this.load(job);
    const problems = describeProblems(result.problems);
    if (problems !== '') throw new Error(problems);
    return result;
  }

  /** Opens streams and keeps them open; throws unless all of them are. */
  async hold(target: Target, streams: number): Promise<void> {
    const { open, problems } = (await this.#ask({ type: 'hold', target, streams })) as HoldResult;
    if (open !== streams)
      throw new Error(`${open} of ${streams} streams open: ${describeProblems(problems)}`);
  }

  /** Hangs up on all streams; throws when some had ended before. */
  async release(streams: number): Promise<void> {
    const { open, problems } = (await this.#ask({ type: 'release' })) as HoldResult;
    if (open !== streams)
      throw new Error(`${open} of ${streams} streams stayed open: ${describeProblems(problems)}`);
  }

  async #ask(job: GeneratorJob): Promise<LoadResult | HoldResult> {
    const answered = this.script.child.receive<GeneratorAnswer>(TIME_LIMIT_MS + ANSWER_MARGIN_MS);
    this.script.child.send(job);
    const answer = await answered;
    if (answer.type === 'failed') throw new Error(`the load generator failed: ${answer.message}`);
    return answer.result;
  }
}
