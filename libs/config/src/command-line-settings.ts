import { ConfigurationError, type Problem } from './configuration-error.js';
import { findRunningInstance } from './running-instance.js';
import { parseEnvironment, type RawEnvironment } from './parse-environment.js';
import type { Environment } from './variables.js';

/** What the command line needs of the environment; everything else may be unset or wrong. */
export interface CommandLineSettings {
  /** As the owner where MIGRATION_DATABASE_URL names him: a gateway's user may change no tenant. */
  readonly databaseUrl: string;
  readonly tenantSource: Environment['TENANT_LLM_CONFIG_SOURCE'];
}

const NEEDED = new Set([
  ...['DATABASE_URL', 'DATABASE_URL_FILE', 'MIGRATION_DATABASE_URL', 'MIGRATION_DATABASE_URL_FILE'],
  'TENANT_LLM_CONFIG_SOURCE',
]);

/**
 * Reads the settings of a command line.
 * @throws ConfigurationError when DATABASE_URL is missing or something it reads is wrong
 */
export function loadCommandLineSettings(rawEnv: RawEnvironment): CommandLineSettings {
  const found: Problem[] = [];
  const env = parseEnvironment(rawEnv, found);
  const problems = found.filter(({ variable }) => NEEDED.has(variable));
  const databaseUrl = env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL;
  if (!databaseUrl && !problems.some(({ variable }) => variable.includes('DATABASE_URL'))) {
    problems.push({
      kind: 'store',
      variable: 'DATABASE_URL',
      problem: 'the command has no database',
      remedy: 'Set it to a Postgres URL, or DATABASE_URL_FILE to a file that holds one',
    });
  }
  if (!databaseUrl || problems.length > 0) throw new ConfigurationError(problems);
  return { databaseUrl, tenantSource: env.TENANT_LLM_CONFIG_SOURCE };
}

/** The settings of this process as a command line; beside an all-in-one that runs in this folder, its own. */
export function loadProcessCommandLineSettings(): CommandLineSettings {
  return loadCommandLineSettings({ ...findRunningInstance(process.env)?.tollgate, ...process.env });
}
