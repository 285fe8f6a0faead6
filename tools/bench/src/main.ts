import { writeFileSync } from 'node:fs';
import { constants, cpus } from 'node:os';
import { figures } from './figures/figure.js';
import { Generator } from './load/generator.js';
import type { Section } from './report/section.js';
import { renderSection } from './report/text-report.js';
import type { BenchContext } from './run/bench-context.js';
import { FULL_REQUESTS, parseBenchOptions, type BenchOptions } from './run/bench-options.js';
import { Cleanup } from './run/cleanup.js';
import { Mock } from './run/mock.js';
import { progressOn } from './run/progress.js';

const USAGE_ERROR = 2;

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function readOptions(): BenchOptions {
  try {
    if (process.platform !== 'linux')
      throw new TypeError('CPU time and memory are read from /proc: Linux only');
    return parseBenchOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(USAGE_ERROR);
  }
}

/** The running measurement then fails; it must not decide how the process ends. */
function stopOnSignals(cleanup: Cleanup): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      process.exitCode = 128 + constants.signals[name];
      void cleanup.stopAll().finally(() => process.exit());
    });
  }
  process.once('exit', () => cleanup.killAll());
}

interface Machine {
  readonly node: string;
  readonly cpu: string;
  readonly cpus: number;
}

function describeMachine(): Machine {
  const all = cpus();
  return { node: process.version, cpu: all[0]?.model.trim() ?? 'unknown CPU', cpus: all.length };
}

function introduce({ requests, warmUpRequests }: BenchOptions, { node, cpu, cpus }: Machine): string {
  const what = `Node ${node}, ${cpus} × ${cpu}; ${requests} requests after ${warmUpRequests} to warm up`;
  if (requests >= FULL_REQUESTS) return what;
  return `${what}\nFewer than ${FULL_REQUESTS} requests: a try-out, whose figures are high and noisy.`;
}

async function measure(context: BenchContext): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const id of context.options.only) {
    const section = await figures[id](context);
    process.stdout.write(`${renderSection(section)}\n`);
    sections.push(section);
  }
  return sections;
}

function summarise(sections: readonly Section[]): number {
  const musts = sections.flatMap(({ checks }) => checks.filter(({ level }) => level === 'must'));
  const open = musts.filter(({ isReached }) => isReached !== true).length;
  process.stdout.write(
    open === 0 ? 'every must is reached\n' : `${open} of ${musts.length} musts are not reached\n`,
  );
  return open === 0 ? 0 : 1;
}

async function run(options: BenchOptions, cleanup: Cleanup): Promise<number> {
  const machine = describeMachine();
  process.stdout.write(`${introduce(options, machine)}\n\n`);
  const mock = await Mock.start(cleanup);
  const generator = await Generator.start(cleanup);
  const sections = await measure({ options, cleanup, mock, generator, say: progressOn(process.stderr) });
  if (options.jsonFile !== undefined) {
    writeFileSync(options.jsonFile, `${JSON.stringify({ machine, options, sections }, null, 2)}\n`);
  }
  return summarise(sections);
}

const options = readOptions();
const cleanup = new Cleanup();
stopOnSignals(cleanup);
const exitCode = await run(options, cleanup).catch((error: unknown) => {
  if (!cleanup.isOver) process.stderr.write(`bench: ${describe(error)}\n`);
  return 1;
});
if (!cleanup.isOver) {
  await cleanup.stopAll();
  process.exit(exitCode);
}
