import { availableParallelism } from 'node:os';
import { archiveContradictions } from './archive-settings.js';
import type { CompatibleEndpoint } from './compatible-endpoint.js';
import { ConfigurationError, type Problem } from './configuration-error.js';
import { adapterContradictions, defaultAdapter } from './model-provider-settings.js';
import { parseEnvironment, type RawEnvironment } from './parse-environment.js';
import { readCompatibleEndpoints } from './read-compatible-endpoints.js';
import { degradations } from './strict-mode.js';
import { parseTenantVariables, type TenantVariables } from './tenant-variables.js';
import type { Environment } from './variables.js';
import { vaultContradictions } from './vault-settings.js';

/** All settings of a process: parsed once, then only read. */
export interface Settings {
  readonly env: Environment;
  readonly strict: boolean;
  readonly tenants: readonly TenantVariables[];
  readonly budgetStore: 'redis' | 'memory';
  readonly checkpointStore: 'postgres' | 'memory';
  readonly adapter: 'auto' | 'openai' | 'claude' | 'stub';
  /** Model providers that speak OpenAI's wire format, by configuration alone. */
  readonly compatibleEndpoints: readonly CompatibleEndpoint[];
  readonly workers: number;
  readonly host: string;
  /** In dev mode: what strict mode would have refused. */
  readonly warnings: readonly Problem[];
}

function parseWorkers(raw: string, problems: Problem[]): number {
  if (raw === 'auto') return availableParallelism();
  if (/^[1-9]\d{0,2}$/.test(raw)) return Number(raw);
  problems.push({
    kind: 'configuration',
    variable: 'GATEWAY_WORKERS',
    problem: 'the value is not legal',
    remedy: 'Set it to a number from 1 to 999, or auto',
  });
  return 1;
}

// What cannot work in any mode. A variable that was given, but wrong, has its problem already.
function findContradictions(settings: Settings, isGiven: (name: keyof Environment) => boolean): Problem[] {
  const { env, budgetStore, checkpointStore, workers } = settings;
  const problems: Problem[] = [];
  if (!isGiven('DATABASE_URL')) {
    problems.push({
      kind: 'store',
      variable: 'DATABASE_URL',
      problem: 'the ledger has no database',
      remedy: 'Set it to a Postgres URL; for a try-out, npm start brings its own',
    });
  }
  if (env.BUDGET_STORE === 'redis' && !isGiven('REDIS_URL')) {
    problems.push({
      kind: 'store',
      variable: 'REDIS_URL',
      problem: 'BUDGET_STORE=redis needs it',
      remedy: 'Set it to a Redis URL',
    });
  }
  if (budgetStore === 'memory' && workers > 1) {
    problems.push({
      kind: 'store',
      variable: 'GATEWAY_WORKERS',
      problem: 'processes cannot share budgets in memory',
      remedy: 'Set REDIS_URL, or GATEWAY_WORKERS=1',
    });
  }
  if (checkpointStore === 'memory' && workers > 1) {
    problems.push({
      kind: 'store',
      variable: 'CHECKPOINT_STORE',
      problem: 'processes cannot share checkpoints in memory',
      remedy: 'Set it to postgres, or GATEWAY_WORKERS=1',
    });
  }
  return [
    ...problems,
    ...archiveContradictions(env, isGiven),
    ...adapterContradictions(settings, isGiven),
    ...vaultContradictions(env, isGiven),
  ];
}

/** Everything that is known of a configuration, wrong or not. */
export interface SettingsInspection {
  /** What is wrong stands at its default; the warnings are what strict mode refuses, in every mode. */
  readonly settings: Settings;
  /** What cannot be read. */
  readonly misread: readonly Problem[];
  /** What can be read and cannot work, in any mode. */
  readonly contradictions: readonly Problem[];
}

/** Reads the whole configuration of a gateway from its environment, and never throws. */
export function inspectSettings(rawEnv: RawEnvironment): SettingsInspection {
  const misread: Problem[] = [];
  const env = parseEnvironment(rawEnv, misread);
  const names = new Set(misread.map(({ variable }) => variable));
  const isGiven = (name: keyof Environment): boolean =>
    Boolean(env[name]) || names.has(name) || names.has(`${name}_FILE`);
  const strict = env.ENV !== 'dev';
  const settings: Settings = {
    env,
    strict,
    tenants: parseTenantVariables(rawEnv, misread),
    budgetStore: env.BUDGET_STORE ?? (isGiven('REDIS_URL') ? 'redis' : 'memory'),
    checkpointStore: env.CHECKPOINT_STORE ?? 'postgres',
    adapter: env.LLM_ADAPTER ?? defaultAdapter(isGiven),
    compatibleEndpoints: readCompatibleEndpoints(env.COMPATIBLE_ENDPOINTS_FILE, rawEnv, misread),
    workers: parseWorkers(env.GATEWAY_WORKERS, misread),
    host: env.HOST ?? (strict ? '0.0.0.0' : '127.0.0.1'),
    warnings: [],
  };
  return {
    settings: { ...settings, warnings: degradations(settings, isGiven) },
    misread,
    contradictions: findContradictions(settings, isGiven),
  };
}

/**
 * Reads the whole configuration of a gateway from its environment.
 * @throws ConfigurationError with every problem at once; in strict mode, degradations count as problems.
 */
export function loadSettings(rawEnv: RawEnvironment): Settings {
  const { settings, misread, contradictions } = inspectSettings(rawEnv);
  const problems = [...misread, ...contradictions, ...(settings.strict ? settings.warnings : [])];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings;
}

/** The settings of this process; the only place where its environment is read. */
export function loadProcessSettings(overrides: RawEnvironment = {}): Settings {
  return loadSettings({ ...process.env, ...overrides });
}

/** As `inspectSettings`, for the environment of this process. */
export function inspectProcessSettings(): SettingsInspection {
  return inspectSettings(process.env);
}

/** Whether the process's environment sets a variable (or its `_FILE`), or any whose name matches. */
export function processEnvironmentHas(name: string | RegExp): boolean {
  if (typeof name === 'string') return Boolean(process.env[name] ?? process.env[`${name}_FILE`]);
  return Object.keys(process.env).some((key) => name.test(key));
}
