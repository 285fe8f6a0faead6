import { isJsonObject } from './json-value.js';
import type { MockBehaviour } from './mock-behaviour.js';

type Check = (value: unknown) => boolean;

const isFlag: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string';
const isDelayMs: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isPositive: Check = (value) => isCount(value) && value !== 0;
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const isErrorStatus: Check = (value) => isCount(value) && Number(value) >= 400 && Number(value) <= 599;

function oneOf(...words: readonly string[]): Check {
  return (value) => typeof value === 'string' && words.includes(value);
}

const isToolCall: Check = (value) =>
  isJsonObject(value) &&
  isText(value['name']) &&
  (isText(value['arguments']) || isJsonObject(value['arguments']));

const isWrongUsage: Check = (value) =>
  isJsonObject(value) &&
  Object.entries(value).every(
    ([key, count]) => (key === 'promptTokens' || key === 'completionTokens') && isCount(count),
  );

const CHECKS: Readonly<Record<keyof MockBehaviour, Check>> = {
  latencyMs: isDelayMs,
  firstChunkDelayMs: isDelayMs,
  chunkDelayMs: isDelayMs,
  chunks: isCount,
  chunkBytes: isCount,
  content: isText,
  toolCalls: (value) => Array.isArray(value) && value.every(isToolCall),
  promptTokens: isCount,
  cachedTokens: isCount,
  status: isErrorStatus,
  errorCode: isText,
  retryAfterSeconds: isDelayMs,
  errorBody: oneOf('json', 'html', 'empty', 'garbage'),
  cutAfterChunks: isCount,
  cutBeforeBody: isFlag,
  omitUsage: isFlag,
  wrongUsage: isWrongUsage,
  garbage: oneOf('html', 'not-json', 'truncated-json', 'empty', 'half-event', 'binary'),
  wrongContentLength: oneOf('short', 'long'),
  silent: isFlag,
  stallAfterChunks: isCount,
  coalesce: isPositive,
  splitBytes: isPositive,
  crlf: isFlag,
  failRate: isShare,
  cutRate: isShare,
  stallRate: isShare,
  seed: Number.isSafeInteger,
};

const CHECK_BY_NAME: ReadonlyMap<string, Check> = new Map(Object.entries(CHECKS));

function problemsOf(value: object): readonly string[] {
  return Object.entries(value).flatMap(([name, field]) => {
    const check = CHECK_BY_NAME.get(name);
    if (check === undefined) return [`${name} is not a behaviour`];
    return check(field) ? [] : [`${name} cannot be ${JSON.stringify(field)}`];
  });
}

function isMockBehaviour(value: object): value is MockBehaviour {
  return problemsOf(value).length === 0;
}

/** Parses a behaviour; throws a TypeError that names every unknown or ill-typed field. */
export function parseBehaviour(value: unknown): MockBehaviour {
  if (!isJsonObject(value)) throw new TypeError('a behaviour must be a JSON object');
  if (!isMockBehaviour(value)) throw new TypeError(problemsOf(value).join('; '));
  return value;
}
