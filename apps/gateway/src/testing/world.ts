import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresPool, createServiceUser, migrate } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@tollgate/dev-services';
import { monthOf } from '@tollgate/domain';
import {
  startMockModelProvider,
  type MockModelProvider,
  type ServedCall,
} from '@tollgate/mock-model-provider';
import { connectRedis } from '@tollgate/stores';
import type { Pool } from 'pg';
import { POLL_MS } from './eventually.js';
import { GatewayProcess } from './gateway-process.js';

/** The key of the tenant `acme` in every world. */
export const API_KEY = 'tg_abcdefghijkl_0123456789012345678901234567890123456789012';

/** The key of a tenant: Tollgate's form, the same in every world. */
export function apiKeyOf(tenantId: string): string {
  if (tenantId === 'acme') return API_KEY;
  const digest = createHash('sha256').update(tenantId).digest('base64url');
  return `tg_${digest.replace(/[-_]/g, '0').slice(0, 12)}_${digest}`;
}

/** Prices of gpt-4o-mini in nano-USD per token, from OpenAI's price list. */
export const PRICE = { input: 150, cachedInput: 75, output: 600 } as const;

/** Prices in nano-USD per token of the models that tests call, from the price lists of OpenAI and Anthropic. */
export const PRICES: Readonly<Record<string, { input: number; cachedInput: number; output: number }>> = {
  'gpt-4o-mini': PRICE,
  'gpt-4.1-nano': { input: 100, cachedInput: 25, output: 400 },
  'text-embedding-3-small': { input: 20, cachedInput: 20, output: 0 },
  'claude-haiku-4-5': { input: 1000, cachedInput: 100, output: 5000 },
};

/** What a model provider bills for a call, in nano-USD. */
export function billedNanoUsd({ model, inputTokens, cachedInputTokens, outputTokens }: ServedCall): number {
  const price = PRICES[model];
  if (!price) return inputTokens + outputTokens === 0 ? 0 : NaN;
  return (
    (inputTokens - cachedInputTokens) * price.input +
    cachedInputTokens * price.cachedInput +
    outputTokens * price.output
  );
}

/** What a world is made of. */
export interface WorldOptions {
  readonly gateways: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Tenants beside `acme`, with the settings of their `TENANT_<ID>_…` variables; each has the key `apiKeyOf(id)`. */
  readonly tenants?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A Postgres server of its own, to be stopped and started. */
  readonly ownPostgres?: boolean;
}

/** One row of the ledger, as far as tests look at it. */
export interface LedgerRow {
  readonly status: string;
  readonly errorCode: string | null;
  readonly usageSource: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  readonly streamed: boolean;
}

const LEDGER_ROW_SQL = `
  SELECT status, error_code AS "errorCode", usage_source AS "usageSource", input_tokens::int AS "inputTokens",
         output_tokens::int AS "outputTokens", cost_nano_usd::float8 AS "costNanoUsd", streamed
  FROM usage_events WHERE tenant_id = $1 ORDER BY request_id, attempt`;

function tenantVariables(id: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  const all = {
    API_KEYS: apiKeyOf(id),
    RATE_LIMIT: '1000000',
    TOKENS_PER_MINUTE: '1000000000',
    ...settings,
  };
  const prefix = `TENANT_${id.toUpperCase().replaceAll('-', '_')}`;
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}_${name}`, value]));
}

async function openDatabase(url: string): Promise<Pick<TestDatabase, 'url' | 'gatewayUrl' | 'drop'>> {
  await migrate(url);
  const gatewayUrl = await createServiceUser(url, 'tollgate_gateway', 'gateway', 'g');
  return { url, gatewayUrl, drop: () => Promise.resolve() };
}

/** Gateways in processes of their own, on real Postgres and Redis, before a mock model provider. */
export class World {
  private constructor(
    readonly gateways: GatewayProcess[],
    readonly redis: RedisServer,
    readonly postgres: PostgresServer | undefined,
    readonly mock: MockModelProvider,
    /** As the owner of the database; the gateways connect as a user whom row-level security binds. */
    readonly pool: Pool,
    readonly ownerUrl: string,
    /** What its gateways are started with. */
    readonly env: Readonly<Record<string, string>>,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async create(options: WorldOptions): Promise<World> {
    const postgres = options.ownPostgres ? await startPostgres() : undefined;
    const database = postgres ? await openDatabase(postgres.url) : await createTestDatabase();
    const [redis, mock] = await Promise.all([startRedis(), startMockModelProvider()]);
    const otherTenants = Object.fromEntries(
      Object.entries(options.tenants ?? {}).flatMap(([id, own]) => Object.entries(tenantVariables(id, own))),
    );
    const env = {
      DATABASE_URL: database.gatewayUrl,
      REDIS_URL: redis.url,
      LLM_ADAPTER: 'auto',
      OPENAI_API_KEY: 'sk-upstream',
      OPENAI_REQUESTS_PER_MINUTE: '10000000',
      ANTHROPIC_REQUESTS_PER_MINUTE: '10000000',
      OPENAI_BASE_URL: `${mock.url}/v1`,
      ANTHROPIC_API_KEY: 'sk-ant-upstream',
      ANTHROPIC_BASE_URL: mock.url,
      ...tenantVariables('acme', {}),
      ...otherTenants,
      ...options.env,
    };
    const pool = createPostgresPool({
      url: database.url,
      maxConnections: 2,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 10_000,
      onIdleError: () => undefined,
    });
    const world = new World([], redis, postgres, mock, pool, database.url, env, () => database.drop());
    try {
      await Promise.all(Array.from({ length: options.gateways }, () => world.addGateway()));
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** One more gateway of the same make, apart from the given variables. */
  async addGateway(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.start({ ...this.env, ...env });
    this.gateways.push(gateway);
    return gateway;
  }

  /** Sends a chat completion to the gateway of this number. */
  chat(
    gateway: number,
    body: object,
    init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    return fetch(`${this.gateways[gateway % this.gateways.length]?.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...init.headers },
      body: JSON.stringify({ model: 'gpt-4o-mini', ...body }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  }

  /** What the mock bills, in nano-USD. */
  mockNanoUsd(): number {
    let sum = 0;
    for (const call of this.mock.bill().byRequest.values()) sum += billedNanoUsd(call);
    return sum;
  }

  async ledgerNanoUsd(tenantId = 'acme'): Promise<number> {
    const { rows } = await this.pool.query<{ sum: string }>(
      'SELECT coalesce(sum(cost_nano_usd), 0) AS sum FROM usage_events WHERE tenant_id = $1',
      [tenantId],
    );
    return Number(rows[0]?.sum);
  }

  /** The events of a tenant, oldest call first. */
  async ledgerRows(tenantId = 'acme'): Promise<LedgerRow[]> {
    const { rows } = await this.pool.query<LedgerRow>(LEDGER_ROW_SQL, [tenantId]);
    return rows;
  }

  /** What Redis says a tenant has settled and held this month. */
  async redisNanoUsd(tenantId = 'acme'): Promise<{ settled: number; held: number }> {
    const redis = connectRedis(this.redis.url, { replyTimeoutMs: 5000 }, () => undefined);
    await redis.connect();
    const [settled, held] = await redis.hmget(
      `tollgate:{${tenantId}}:w:t:${monthOf(Date.now())}`,
      'settled',
      'held',
    );
    redis.disconnect();
    return { settled: Number(settled), held: Number(held) };
  }

  /** Waits until a tenant has no money held and Redis agrees with the ledger, and answers the sum; fails after the given time. */
  async quietNanoUsd(timeoutMs = 20_000, tenantId = 'acme'): Promise<number> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const [ledger, { settled, held }] = [
        await this.ledgerNanoUsd(tenantId),
        await this.redisNanoUsd(tenantId),
      ];
      if (held === 0 && settled === ledger) return ledger;
      if (Date.now() > deadline)
        throw new Error(`not quiet: ledger ${ledger}, settled ${settled}, held ${held}`);
      await sleep(POLL_MS);
    }
  }

  async close(): Promise<void> {
    for (const gateway of this.gateways) gateway.thaw();
    await Promise.all(this.gateways.map((gateway) => gateway.kill()));
    await this.pool.end();
    await this.mock.close();
    await this.redis.stop();
    await this.dropDatabase();
    await this.postgres?.stop();
  }
}
