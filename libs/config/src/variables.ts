import { adminVariables } from './admin-variables.js';
import { checkpointVariables } from './checkpoint-variables.js';
import { archiveVariables } from './archive-variables.js';
import { modelProviderVariables } from './model-provider-variables.js';
import { checkedText, flag, integer, list, oneOf, text, url, type Variable } from './variable.js';
import { parseVaultTenantPath } from './vault-tenant-path.js';

const DAY_SECONDS = 86_400;

const processVariables = {
  ENV: oneOf(['dev', 'prod', 'production'], 'dev', {
    section: 'Process',
    doc: '`prod` and `production` turn strict mode on: nothing degrades silently, and every missing piece stops the start.',
  }),
  STRICT_ACKNOWLEDGE: list({
    section: 'Process',
    doc: 'Risks accepted in strict mode: `fail-open` (BUDGET_FAILURE_MODE=open), `plain-http` (an `http://` model provider, Vault or archive off loopback), `database-owner` (DATABASE_URL names a user whom row-level security does not bind).',
  }),
  HOST: text(undefined, {
    section: 'Process',
    doc: 'Address to listen on. Unset: `127.0.0.1`, in strict mode `0.0.0.0`.',
  }),
  PORT: integer(8080, 0, 65_535, { section: 'Process', doc: 'Port of the gateway; 0 picks a free one.' }),
  GATEWAY_WORKERS: text('1', {
    section: 'Process',
    doc: 'Gateway processes on one port: a number, or `auto` for one per core. More than one needs Redis.',
  }),
  MIGRATE_ON_START: flag(false, {
    section: 'Process',
    doc: 'Bring the database schema up to date before listening. Otherwise a pending migration stops the start.',
  }),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent'], 'info', {
    section: 'Process',
    doc: 'Least important log line that is written.',
  }),
  HEALTH_CHECK_TIMEOUT_SECONDS: integer(5, 1, 60, {
    section: 'Process',
    doc: 'Time one health probe may take.',
  }),
  DRAIN_TIMEOUT_SECONDS: integer(30, 0, 3600, {
    section: 'Process',
    doc: 'After SIGTERM: how long running calls may finish.',
  }),
};

const storeVariables = {
  BUDGET_STORE: oneOf(['redis', 'memory'], undefined, {
    section: 'Stores',
    doc: 'Where budgets and limits are kept. Unset: `redis` when REDIS_URL is set, else `memory` (strict mode refuses that unless it is set here).',
  }),
  REDIS_URL: url(['redis:', 'rediss:'], undefined, {
    section: 'Stores',
    doc: 'Redis or Valkey, 7 or newer, with `maxmemory-policy noeviction`.',
    secret: true,
  }),
  DATABASE_URL: url(['postgres:', 'postgresql:'], undefined, {
    section: 'Stores',
    doc: 'Postgres 15 or newer: the ledger, checkpoints, and tenants when they live there. Its user is a member of `tollgate_gateway` and owns nothing.',
    secret: true,
  }),
  MIGRATION_DATABASE_URL: url(['postgres:', 'postgresql:'], undefined, {
    section: 'Stores',
    doc: 'The same database as its owner, for migrations and the command line. Unset: DATABASE_URL.',
    secret: true,
  }),
  BUDGET_FAILURE_MODE: oneOf(['closed', 'open'], 'closed', {
    section: 'Stores',
    doc: 'When budgets cannot be reached: `closed` answers 503; `open` lets calls pass unbounded, marks them and still writes the ledger.',
  }),
  EVENT_BUFFER_SIZE: integer(10_000, 1, 1_000_000, {
    section: 'Stores',
    doc: 'Usage events that may wait for the ledger; when they are used up, calls get 503.',
  }),
  HOLD_GRACE_SECONDS: integer(30, 1, 3600, {
    section: 'Stores',
    doc: 'How long after REQUEST_TIMEOUT_SECONDS a hold of a dead gateway is presumed spent.',
  }),
};

const tenantVariables = {
  TENANT_LLM_CONFIG_SOURCE: oneOf(['env', 'database', 'vault'], 'env', {
    section: 'Tenants',
    doc: 'Where tenants, their limits and keys come from.',
  }),
  DEFAULT_LLM_MODEL: text('claude-sonnet-4-20250514', {
    section: 'Tenants',
    doc: 'Model of a tenant that has none of its own: what `auto` stands for.',
  }),
  DEFAULT_LLM_FALLBACK_MODEL: text('gpt-4o-mini', {
    section: 'Tenants',
    doc: 'Fallback model of a tenant that has none of its own, or `none`.',
  }),
  EXPENSIVE_MODEL_CENTS_PER_MILLION_TOKENS: integer(3000, 0, 100_000_000, {
    section: 'Tenants',
    doc: 'A model is expensive when a million of its input or of its output tokens (text, without surcharges for long prompts) cost more than this, in cents; a tenant may use it only with _ALLOW_EXPENSIVE.',
  }),
  DEFAULT_TENANT_RATE_LIMIT: integer(60, 0, 10_000_000, { section: 'Tenants', doc: 'Requests per minute.' }),
  DEFAULT_TENANT_TOKENS_PER_MINUTE: integer(100_000, 0, 1_000_000_000_000, {
    section: 'Tenants',
    doc: 'Tokens per minute, input and output together.',
  }),
  DEFAULT_TENANT_BUDGET_CENTS: integer(100_000, 0, 900_000_000, {
    section: 'Tenants',
    doc: 'Budget per calendar month (UTC), in cents. 0: nothing may be spent.',
  }),
};

const vaultVariables = {
  VAULT_ADDR: url(['https:', 'http:'], undefined, { section: 'Vault', doc: 'URL of Vault.' }),
  VAULT_TENANT_PATH: checkedText(
    'secret/data/tenants/{tenant_id}/llm',
    'path of KV version 2 with one `{tenant_id}`',
    (path) => parseVaultTenantPath(path) !== undefined,
    { section: 'Vault', doc: "Where a tenant's secret is." },
  ),
  VAULT_TOKEN: text(undefined, {
    section: 'Vault',
    doc: 'Token to read with. It is renewed while it can be; better is a role, with which the gateway logs in again.',
    secret: true,
  }),
  VAULT_ROLE_ID: text(undefined, { section: 'Vault', doc: 'AppRole: the role.', secret: true }),
  VAULT_SECRET_ID: text(undefined, { section: 'Vault', doc: 'AppRole: its secret.', secret: true }),
  VAULT_K8S_ROLE: text(undefined, {
    section: 'Vault',
    doc: 'Kubernetes: the role that the service account may take.',
  }),
  VAULT_K8S_JWT_PATH: text('/var/run/secrets/kubernetes.io/serviceaccount/token', {
    section: 'Vault',
    doc: "Kubernetes: file with the service account's token, read at every login.",
  }),
  VAULT_AUTH_MOUNT: text(undefined, {
    section: 'Vault',
    doc: 'Where the auth method is mounted. Unset: `approle` or `kubernetes`.',
  }),
  VAULT_NAMESPACE: text(undefined, { section: 'Vault', doc: 'Namespace of the secrets and of the login.' }),
  VAULT_CACERT: text(undefined, {
    section: 'Vault',
    doc: "PEM file with the authorities that may vouch for Vault. Unset: the system's.",
  }),
  VAULT_TIMEOUT_SECONDS: integer(5, 1, 60, { section: 'Vault', doc: 'Time one request to Vault may take.' }),
  VAULT_POLL_SECONDS: integer(1, 1, 300, {
    section: 'Vault',
    doc: "Time within which a change is in force. Every process reads every tenant's secret this often.",
  }),
};

const callVariables = {
  MAX_BODY_MIB: integer(20, 1, 256, { section: 'Calls', doc: 'Largest request body, in MiB.' }),
  REQUEST_TIMEOUT_SECONDS: integer(600, 1, DAY_SECONDS, {
    section: 'Calls',
    doc: 'The whole call, streaming included.',
  }),
  FIRST_BYTE_TIMEOUT_SECONDS: integer(120, 1, DAY_SECONDS, {
    section: 'Calls',
    doc: 'From the request to the first byte of the model provider.',
  }),
  IDLE_TIMEOUT_SECONDS: integer(60, 1, DAY_SECONDS, {
    section: 'Calls',
    doc: 'Silence of the model provider inside an answer.',
  }),
  UPSTREAM_MAX_TRIES: integer(3, 1, 10, {
    section: 'Calls',
    doc: 'Upstream calls to one model for one request; only what cost nothing is tried again.',
  }),
  BREAKER_FAILURE_PERCENT: integer(60, 0, 99, {
    section: 'Calls',
    doc: "Calls to a model pause for some seconds when this share of the last half minute's failed; 0: never.",
  }),
  SSE_KEEPALIVE_SECONDS: integer(15, 1, DAY_SECONDS, {
    section: 'Calls',
    doc: 'How often a stream that waits for its first token gets a comment, so that nobody in between gives up on it.',
  }),
  UPSTREAM_CONNECT_TIMEOUT_SECONDS: integer(5, 1, 120, {
    section: 'Calls',
    doc: 'Connecting to the model provider.',
  }),
  UPSTREAM_MAX_CONNECTIONS: integer(2048, 1, 65_535, {
    section: 'Calls',
    doc: 'Connections to one model provider per process; further calls wait for one within the first-byte timeout.',
  }),
};

/** Every variable of the environment but the `TENANT_<ID>_…` family, in the order of the reference page. */
export const VARIABLES = {
  ...processVariables,
  ...storeVariables,
  ...checkpointVariables,
  ...archiveVariables,
  ...adminVariables,
  ...modelProviderVariables,
  ...tenantVariables,
  ...vaultVariables,
  ...callVariables,
} satisfies Record<string, Variable<unknown>>;

type Values<V> = { readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

/** The parsed value of every variable, by its name. */
export type Environment = Values<typeof VARIABLES>;
