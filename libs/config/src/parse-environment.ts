import { readFileSync } from 'node:fs';
import type { Problem } from './configuration-error.js';
import type { Variable } from './variable.js';
import { VARIABLES, type Environment } from './variables.js';

/** Variables as a process gets them. */
export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Reads `NAME`, or the file that `NAME_FILE` names (its last line break dropped); an empty text counts as unset. */
export function readText(env: RawEnvironment, name: string, problems: Problem[]): string | undefined {
  const value = env[name];
  const path = env[`${name}_FILE`];
  if (!path) return value === '' ? undefined : value;
  if (value) {
    problems.push({
      kind: 'configuration',
      variable: name,
      problem: `both ${name} and ${name}_FILE are set`,
      remedy: 'Keep one of them',
    });
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch {
    // The reason would name a path; that the file cannot be read is all an operator needs.
    problems.push({
      kind: 'configuration',
      variable: `${name}_FILE`,
      problem: 'the file cannot be read',
      remedy: 'Check that it exists and is readable by this user',
    });
    return undefined;
  }
}

/** Parses every known variable; each bad one is added to `problems` and stands at its default in the result. */
export function parseEnvironment(env: RawEnvironment, problems: Problem[]): Environment {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [string, Variable<unknown>][]) {
    const raw = variable.secret ? readText(env, name, problems) : env[name] || undefined;
    const parsed = raw === undefined ? undefined : variable.schema.safeParse(raw);
    if (parsed?.success === false) {
      problems.push({
        kind: 'configuration',
        variable: name,
        problem: 'the value is not legal',
        remedy: `Set it to: ${variable.format}`,
      });
    }
    values[name] = parsed?.success ? parsed.data : variable.fallback;
  }
  // Safe: the loop gave every key of VARIABLES a value of its own schema or its fallback.
  return values as unknown as Environment;
}
