import { parseArgs } from 'node:util';

/** The figures of the bench, by their number in the specification. */
export const figureIds = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'] as const;

/** One figure of the bench. */
export type FigureId = (typeof figureIds)[number];

/** What a run of the bench does. */
export interface BenchOptions {
  readonly only: readonly FigureId[];
  /** Requests of each peer for each CPU figure, all rounds together. */
  readonly requests: number;
  /** Requests of each peer before its first round. */
  readonly warmUpRequests: number;
  /** Requests at one connection of each peer for each latency figure, all rounds together. */
  readonly latencyRequests: number;
  /** File that gets everything as JSON. */
  readonly jsonFile: string | undefined;
}

/** What the specification asks for. */
export const FULL_REQUESTS = 20_000;
const QUICK_REQUESTS = 3_000;
/** V8 has compiled what is hot only after some 40,000 requests; before that a Node peer costs up to twice as much. */
const FULL_WARM_UP = 40_000;
const QUICK_WARM_UP = 2_000;

/** Parses the command line; throws a TypeError that says what is wrong with it. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      requests: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const requests = parseRequests(values.requests) ?? (values.quick ? QUICK_REQUESTS : FULL_REQUESTS);
  return {
    only: parseOnly(values.only),
    requests,
    warmUpRequests: values.quick ? QUICK_WARM_UP : FULL_WARM_UP,
    latencyRequests: Math.max(600, Math.round(requests / 4)),
    jsonFile: values.json,
  };
}

function parseRequests(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{3,7}$/.test(text)) throw new TypeError('--requests is a number from 100 to 9999999');
  return Math.max(100, Number(text));
}

function parseOnly(text: string | undefined): readonly FigureId[] {
  if (text === undefined) return figureIds;
  return text.split(',').map((word) => {
    const id = figureIds.find((known) => known === word.trim().toUpperCase());
    if (id === undefined) throw new TypeError(`--only is a list of ${figureIds.join(', ')}`);
    return id;
  });
}
