import { ConfigurationError, type Problem } from './configuration-error.js';
import type { RawEnvironment } from './parse-environment.js';
import { isPlainHttp } from './plain-http.js';
import { inspectSettings, type Settings } from './settings.js';
import type { Environment } from './variables.js';

/** What lets operators in while ADMIN_TOKEN is unset, in dev mode only. */
export const DEFAULT_ADMIN_TOKEN = 'tollgate-dev-admin-token';

const MIN_TOKEN_LENGTH = 32;
const TOKEN_REMEDY = `Set it to ${MIN_TOKEN_LENGTH} or more random characters: openssl rand -base64 32`;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const OIDC_NAMES = ['ADMIN_OIDC_ISSUER', 'ADMIN_OIDC_AUDIENCE', 'ADMIN_OIDC_JWKS_URL'] as const;

/** An issuer of tokens for operators. */
export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly roleClaim: string;
}

/** All settings of an admin API. */
export interface AdminSettings {
  readonly env: Environment;
  readonly databaseUrl: string;
  readonly adminToken: string;
  readonly oidc: OidcSettings | undefined;
  readonly strict: boolean;
  readonly host: string;
  /** The same environment as a gateway reads it: which models there are, and where tenants come from. */
  readonly gateway: Settings;
  /** In dev mode: what strict mode would have refused. */
  readonly warnings: readonly Problem[];
}

type IsGiven = (name: keyof Environment) => boolean;

const problemOf = (variable: string, problem: string, remedy: string): Problem => ({
  kind: 'configuration',
  variable,
  problem,
  remedy,
});

function contradictions({ HOST }: Environment, isGiven: IsGiven): Problem[] {
  const problems: Problem[] = [];
  const isOpen = HOST !== undefined && !LOOPBACK.has(HOST);
  if (isOpen && !isGiven('ADMIN_TOKEN'))
    problems.push(
      problemOf(
        'ADMIN_TOKEN',
        'other machines could log in with the default, which everybody knows',
        TOKEN_REMEDY,
      ),
    );
  if (!isGiven('DATABASE_URL'))
    problems.push({
      kind: 'store',
      variable: 'DATABASE_URL',
      problem: 'there are no tenants, tokens and audit without a database',
      remedy: 'Set it to a Postgres URL',
    });
  const missing = OIDC_NAMES.filter((name) => !isGiven(name));
  for (const variable of missing.length < OIDC_NAMES.length ? missing : [])
    problems.push(problemOf(variable, 'OIDC is set in part', `Set it, or none of ${OIDC_NAMES.join(', ')}`));
  return problems;
}

function tokenFindings({ ADMIN_TOKEN: token }: Environment, isGiven: IsGiven): Problem[] {
  const refuse = (problem: string): Problem[] => [problemOf('ADMIN_TOKEN', problem, TOKEN_REMEDY)];
  if (!isGiven('ADMIN_TOKEN'))
    return refuse('nobody could log in but with the default, which everybody knows');
  if (token === DEFAULT_ADMIN_TOKEN) return refuse('it is the default, which everybody knows');
  // One that cannot be read has its problem already.
  return token !== undefined && token.length < MIN_TOKEN_LENGTH
    ? refuse('it is short enough to be guessed')
    : [];
}

function oidcFindings(env: Environment): Problem[] {
  if (env.STRICT_ACKNOWLEDGE.includes('plain-http')) return [];
  return (['ADMIN_OIDC_ISSUER', 'ADMIN_OIDC_JWKS_URL'] as const)
    .filter((name) => isPlainHttp(env[name] ?? 'https://unset.invalid'))
    .map((name) =>
      problemOf(
        name,
        'whoever is on the way could sign tokens of their own',
        'Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it',
      ),
    );
}

function toOidc(env: Environment): OidcSettings | undefined {
  const { ADMIN_OIDC_ISSUER: issuer, ADMIN_OIDC_AUDIENCE: audience, ADMIN_OIDC_JWKS_URL: jwksUrl } = env;
  if (!issuer || !audience || !jwksUrl) return undefined;
  return { issuer, audience, jwksUrl, roleClaim: env.ADMIN_OIDC_ROLE_CLAIM };
}

/**
 * Reads the settings of an admin API.
 * @throws ConfigurationError with every problem at once; in strict mode, degradations count as problems.
 */
export function loadAdminSettings(rawEnv: RawEnvironment): AdminSettings {
  const { settings: gateway, misread } = inspectSettings(rawEnv);
  const { env, strict, host } = gateway;
  const unread = new Set(misread.map(({ variable }) => variable));
  const isGiven: IsGiven = (name) => Boolean(env[name]) || unread.has(name) || unread.has(`${name}_FILE`);
  const warnings = [...tokenFindings(env, isGiven), ...oidcFindings(env)];
  const problems = [...misread, ...contradictions(env, isGiven), ...(strict ? warnings : [])];
  if (problems.length > 0) throw new ConfigurationError(problems);
  const adminToken = env.ADMIN_TOKEN ?? DEFAULT_ADMIN_TOKEN;
  const databaseUrl = env.DATABASE_URL ?? '';
  return { env, databaseUrl, adminToken, oidc: toOidc(env), strict, host, gateway, warnings };
}

/** The settings of this process as an admin API. */
export function loadProcessAdminSettings(overrides: RawEnvironment = {}): AdminSettings {
  return loadAdminSettings({ ...process.env, ...overrides });
}
