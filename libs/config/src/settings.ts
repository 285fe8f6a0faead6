import { availableParallelism } from 'node:os';
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
function contradictions(settings: Settings, isGiven: (name: keyof Environment) => boolean): Problem[] {
  const { env, budgetStore, workers } = settings;
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
  return [...problems, ...adapterContradictions(settings, isGiven), ...vaultContradictions(env, isGiven)];
}

/**
 * Reads the whole configuration of a gateway from its environment.
 * @throws ConfigurationError with every problem at once; in strict mode, degradations count as problems.
 */
export function loadSettings(rawEnv: RawEnvironment): Settings {
  const problems: Problem[] = [];
  const env = parseEnvironment(rawEnv, problems);
  const misread = new Set(problems.map(({ variable }) => variable));
  const isGiven = (name: keyof Environment): boolean =>
    Boolean(env[name]) || misread.has(name) || misread.has(`${name}_FILE`);
  const strict = env.ENV !== 'dev';
  const settings: Settings = {
    env,
    strict,
    tenants: parseTenantVariables(rawEnv, problems),
    budgetStore: env.BUDGET_STORE ?? (isGiven('REDIS_URL') ? 'redis' : 'memory'),
    adapter: env.LLM_ADAPTER ?? defaultAdapter(isGiven),
    compatibleEndpoints: readCompatibleEndpoints(env.COMPATIBLE_ENDPOINTS_FILE, rawEnv, problems),
    workers: parseWorkers(env.GATEWAY_WORKERS, problems),
    host: env.HOST ?? (strict ? '0.0.0.0' : '127.0.0.1'),
    warnings: [],
  };
  const findings = degradations(settings, isGiven);
  problems.push(...contradictions(settings, isGiven), ...(strict ? findings : []));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { ...settings, warnings: findings };
}

/** The settings of this process; the only place where its environment is read. */
export function loadProcessSettings(overrides: RawEnvironment = {}): Settings {
  return loadSettings({ ...process.env, ...overrides });
}

/** Whether the process's environment sets a variable (or its `_FILE`), or any whose name matches. */
export function processEnvironmentHas(name: string | RegExp): boolean {
  if (typeof name === 'string') return Boolean(process.env[name] ?? process.env[`${name}_FILE`]);
  return Object.keys(process.env).some((key) => name.test(key));
}
