import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  compatibleEndpointSchema,
  type CompatibleEndpoint,
  type KeylessEndpoint,
} from './compatible-endpoint.js';
import type { Problem } from './configuration-error.js';
import type { RawEnvironment } from './parse-environment.js';

const MAX_ENDPOINTS = 100;
const HEADER_TEXT = /^[\x21-\x7e]+$/;

/** Notes what is wrong at a place of the file. */
type Refuse = (place: string, problem: string) => void;

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');

// What is wrong with a record's key is one level down.
const messageOf = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;

function readJson(path: string, refuse: Refuse): unknown {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    // Its reason would name a path.
    refuse('', 'the file cannot be read');
    return undefined;
  }
  try {
    return JSON.parse(content);
  } catch {
    // Its reason would quote the content.
    refuse('', 'the file is not JSON');
    return undefined;
  }
}

function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined; // The caller says that there is no key, without the path.
  }
}

function keyOf(
  { keyFrom }: KeylessEndpoint,
  env: RawEnvironment,
  refuse: (problem: string) => void,
): string | undefined {
  const { text, file, variable } = keyFrom;
  const given = [text, file, variable].filter((source) => source !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) {
    refuse('has more than one of api_key, api_key_file and api_key_env');
    return undefined;
  }
  const key = text ?? (file === undefined ? env[variable ?? ''] : readKeyFile(file));
  if (key !== undefined && HEADER_TEXT.test(key)) return key;
  refuse('has no legal key where it says that there is one');
  return undefined;
}

function refuseTwins(names: readonly (readonly [place: string, name: string])[], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [place, name] of names) {
    if (seen.has(name)) refuse(place, 'stands twice');
    seen.add(name);
  }
}

/** Reads the endpoints of COMPATIBLE_ENDPOINTS_FILE; every problem names its place in the file, never a value. */
export function readCompatibleEndpoints(
  path: string | undefined,
  env: RawEnvironment,
  problems: Problem[],
): CompatibleEndpoint[] {
  if (path === undefined) return [];
  const refuse: Refuse = (place, problem) => {
    problems.push({
      kind: 'adapter',
      variable: 'COMPATIBLE_ENDPOINTS_FILE',
      problem: `${place} ${problem}`.trim(),
      remedy: 'Correct the file as docs/operations/model-providers.md describes it',
    });
  };
  const json = readJson(path, refuse);
  if (json === undefined) return [];
  const list = z.array(z.unknown()).max(MAX_ENDPOINTS).safeParse(json);
  if (!list.success) {
    refuse('', `the file is not a list of at most ${MAX_ENDPOINTS} endpoints`);
    return [];
  }
  const read = list.data.map((raw, index) => {
    const parsed = compatibleEndpointSchema.safeParse(raw);
    for (const issue of parsed.error?.issues ?? []) refuse(placeOf([index, ...issue.path]), messageOf(issue));
    return parsed.data;
  });
  refuseTwins(
    read.flatMap((endpoint, index) => (endpoint ? [[`[${index}].name`, endpoint.name] as const] : [])),
    refuse,
  );
  refuseTwins(
    read.flatMap((endpoint, index) =>
      (endpoint?.models ?? []).map(({ id }, at) => [`[${index}].models[${at}].id`, id] as const),
    ),
    refuse,
  );
  return read.flatMap((endpoint, index) => {
    if (!endpoint) return [];
    const { keyFrom: _, ...rest } = endpoint;
    return [{ ...rest, apiKey: keyOf(endpoint, env, (problem) => refuse(`[${index}]`, problem)) }];
  });
}
