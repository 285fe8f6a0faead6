import { R2_NAMES, archiveContradictions, archiveFindings } from './archive-settings.js';
import { ConfigurationError, type Problem } from './configuration-error.js';
import { parseEnvironment, type RawEnvironment } from './parse-environment.js';
import { findRunningInstance } from './running-instance.js';
import type { Environment } from './variables.js';

/** All settings of an offloader, daemon or command line. */
export interface OffloaderSettings {
  readonly env: Environment;
  readonly databaseUrl: string;
  readonly strict: boolean;
  readonly host: string;
  /** In dev mode: what strict mode would have refused. */
  readonly warnings: readonly Problem[];
}

function missingPieces(isGiven: (name: keyof Environment) => boolean): Problem[] {
  const problems: Problem[] = [];
  if (!isGiven('DATABASE_URL'))
    problems.push({
      kind: 'store',
      variable: 'DATABASE_URL',
      problem: 'there are no checkpoints without a database',
      remedy: 'Set it to a Postgres URL; beside npm start, on its embedded one, it is found by itself',
    });
  const hasArchive = isGiven('CHECKPOINT_ARCHIVE_FOLDER') || R2_NAMES.some((name) => isGiven(name));
  for (const variable of hasArchive ? [] : R2_NAMES)
    problems.push({
      kind: 'store',
      variable,
      problem: 'there is no archive',
      remedy: 'Set it, or CHECKPOINT_ARCHIVE_FOLDER for an archive in a folder',
    });
  return problems;
}

/**
 * Reads the settings of an offloader: those of gateways, their model providers and tenants, do not matter to it.
 * @throws ConfigurationError with every problem at once; in strict mode, degradations count as problems.
 */
export function loadOffloaderSettings(rawEnv: RawEnvironment): OffloaderSettings {
  const problems: Problem[] = [];
  const env = parseEnvironment(rawEnv, problems);
  const misread = new Set(problems.map(({ variable }) => variable));
  const isGiven = (name: keyof Environment): boolean =>
    Boolean(env[name]) || misread.has(name) || misread.has(`${name}_FILE`);
  const strict = env.ENV !== 'dev';
  const warnings = archiveFindings({ env });
  problems.push(...missingPieces(isGiven), ...archiveContradictions(env, isGiven));
  if (strict) problems.push(...warnings);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const host = env.HOST ?? (strict ? '0.0.0.0' : '127.0.0.1');
  return { env, databaseUrl: env.DATABASE_URL ?? '', strict, host, warnings };
}

/** The settings of this process as an offloader. */
export function loadProcessOffloaderSettings(overrides: RawEnvironment = {}): OffloaderSettings {
  return loadOffloaderSettings({ ...process.env, ...overrides });
}

/** As `loadProcessOffloaderSettings`; without a DATABASE_URL, beside an all-in-one that runs in this folder, its own. */
export function loadProcessOffloaderCommandSettings(): OffloaderSettings {
  return loadOffloaderSettings({ ...findRunningInstance(process.env)?.offloader, ...process.env });
}
