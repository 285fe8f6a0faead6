import { randomBytes } from 'node:crypto';
import { createServiceUser, migrate } from '@tollgate/database';
import { findFreePort, startPostgres, startRedis } from '@tollgate/dev-services';
import type { ArchiveSite } from '../archive/archive-site.js';
import type { BenchContext } from '../run/bench-context.js';
import { Child } from '../run/child.js';
import type { Peer, RunningPeer } from './peer.js';
import { buildTollgate, gatewayArguments } from './tollgate-build.js';

const START_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const AMPLE_BUDGET_CENTS = 100_000_000;

/** What a figure may want to differ. */
export interface TollgateOptions {
  readonly name?: string;
  readonly workers?: number;
  readonly budgetCents?: number;
  /** Where its checkpoints and their archive are already. */
  readonly archive?: ArchiveSite;
}

/** Tollgate with what its books are kept in. */
export interface RunningTollgate extends RunningPeer {
  readonly databaseUrl: string;
  /** Ends the gateway in order, so that all it knows is in Postgres, which still runs. */
  stopGateway(): Promise<void>;
}

/** Tollgate's gateway as in production, with every enforcement on, on a Redis and a Postgres of its own. */
export function tollgate(options: TollgateOptions = {}): Peer {
  return { name: options.name ?? 'Tollgate', start: (context) => startTollgate(context, options) };
}

/** Starts Tollgate and resolves when it is ready for requests. */
export async function startTollgate(
  context: BenchContext,
  options: TollgateOptions = {},
): Promise<RunningTollgate> {
  await buildTollgate(context);
  const { cleanup } = context;
  const redis = await startRedis();
  cleanup.add(redis);
  const postgres = options.archive?.postgres ?? (await startPostgres({ fsync: true }));
  cleanup.add(postgres);
  await migrate(postgres.url);
  const password = randomBytes(16).toString('hex');
  const databaseUrl = await createServiceUser(postgres.url, 'tollgate_gateway', 'bench_gateway', password);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const key = `tg_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  const urls = {
    DATABASE_URL: databaseUrl, // a user whom row-level security binds, as in production
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: `${context.mock.url}/v1`,
    ...options.archive?.r2Variables(),
  };
  const env = { ...environment(options, key), ...urls, PORT: String(port) };
  const child = Child.start(
    { name: 'Tollgate', command: process.execPath, args: gatewayArguments(), env },
    cleanup,
  );
  const stop = async (): Promise<void> => {
    await child.stop();
    for (const server of options.archive ? [redis] : [redis, postgres]) {
      await server.stop();
      cleanup.forget(server);
    }
  };
  try {
    await child.untilReady(() => isReady(origin), START_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  const target = { origin, headers: { authorization: `Bearer ${key}` } };
  return { target, pid: child.pid, databaseUrl: postgres.url, stopGateway: () => child.stop(), stop };
}

function environment(options: TollgateOptions, key: string): Record<string, string> {
  return {
    ENV: 'dev', // strict mode would refuse the mock's plain HTTP; nothing else depends on it here
    HOST: '127.0.0.1',
    GATEWAY_WORKERS: String(options.workers ?? 1),
    DEFAULT_TENANT_CHECKPOINTS: '1000000',
    DRAIN_TIMEOUT_SECONDS: '5',
    LOG_LEVEL: 'warn',
    LLM_ADAPTER: 'openai',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_MAX_COST_CENTS_PER_REQUEST: '100000',
    OPENAI_REQUESTS_PER_MINUTE: '10000000',
    TENANT_BENCH_API_KEYS: key,
    TENANT_BENCH_BUDGET_CENTS: String(options.budgetCents ?? AMPLE_BUDGET_CENTS),
    TENANT_BENCH_RATE_LIMIT: '10000000',
    TENANT_BENCH_TOKENS_PER_MINUTE: '100000000000',
  };
}

async function isReady(origin: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const response = await fetch(`${origin}/health/ready`, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 200;
}
