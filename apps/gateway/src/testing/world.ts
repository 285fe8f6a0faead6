import { createPostgresPool, migrate } from '@tollgate/database';
import { createTestDatabase } from '@tollgate/database/testing';
import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@tollgate/dev-services';
import { monthOf } from '@tollgate/domain';
import { startMockModelProvider, type MockModelProvider } from '@tollgate/mock-model-provider';
import { connectRedis } from '@tollgate/stores';
import type { Pool } from 'pg';
import { GatewayProcess } from './gateway-process.js';

/** The key of the tenant `acme` in every world. */
export const API_KEY = 'tg_abcdefghijkl_0123456789012345678901234567890123456789012';

/** Prices of gpt-4o-mini in nano-USD per token, from OpenAI's price list. */
export const PRICE = { input: 150, cachedInput: 75, output: 600 } as const;

/** What a world is made of. */
export interface WorldOptions {
  readonly gateways: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A Postgres server of its own, to be stopped and started. */
  readonly ownPostgres?: boolean;
}

/** Gateways in processes of their own, on real Postgres and Redis, before a mock model provider. */
export class World {
  private constructor(
    readonly gateways: GatewayProcess[],
    readonly redis: RedisServer,
    readonly postgres: PostgresServer | undefined,
    readonly mock: MockModelProvider,
    readonly pool: Pool,
    private readonly env: Readonly<Record<string, string>>,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async create(options: WorldOptions): Promise<World> {
    const postgres = options.ownPostgres ? await startPostgres() : undefined;
    if (postgres) await migrate(postgres.url);
    const database = postgres
      ? { url: postgres.url, drop: () => Promise.resolve() }
      : await createTestDatabase();
    const [redis, mock] = await Promise.all([startRedis(), startMockModelProvider()]);
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      LLM_ADAPTER: 'openai',
      OPENAI_API_KEY: 'sk-upstream',
      OPENAI_BASE_URL: `${mock.url}/v1`,
      TENANT_ACME_API_KEYS: API_KEY,
      TENANT_ACME_RATE_LIMIT: '1000000',
      TENANT_ACME_TOKENS_PER_MINUTE: '1000000000',
      ...options.env,
    };
    const gateways = await Promise.all(
      Array.from({ length: options.gateways }, () => GatewayProcess.start(env)),
    );
    const pool = createPostgresPool({
      url: database.url,
      maxConnections: 2,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 10_000,
      onIdleError: () => undefined,
    });
    return new World(gateways, redis, postgres, mock, pool, env, database.drop);
  }

  /** One more gateway of the same make. */
  async addGateway(): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.start(this.env);
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
    const { inputTokens, cachedInputTokens, outputTokens } = this.mock.bill();
    return (
      (inputTokens - cachedInputTokens) * PRICE.input +
      cachedInputTokens * PRICE.cachedInput +
      outputTokens * PRICE.output
    );
  }

  async ledgerNanoUsd(): Promise<number> {
    const { rows } = await this.pool.query<{ sum: string }>(
      'SELECT coalesce(sum(cost_nano_usd), 0) AS sum FROM usage_events',
    );
    return Number(rows[0]?.sum);
  }

  /** What Redis says the tenant has settled and held this month. */
  async redisNanoUsd(): Promise<{ settled: number; held: number }> {
    const redis = connectRedis(this.redis.url, { commandTimeoutMs: 5000 }, () => undefined);
    await redis.connect();
    const [settled, held] = await redis.hmget(
      `tollgate:{acme}:w:t:${monthOf(Date.now())}`,
      'settled',
      'held',
    );
    redis.disconnect();
    return { settled: Number(settled), held: Number(held) };
  }

  /** Waits until no money is held and Redis agrees with the ledger, and answers the sum; fails after the given time. */
  async quietNanoUsd(timeoutMs = 20_000): Promise<number> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const [ledger, { settled, held }] = [await this.ledgerNanoUsd(), await this.redisNanoUsd()];
      if (held === 0 && settled === ledger) return ledger;
      if (Date.now() > deadline)
        throw new Error(`not quiet: ledger ${ledger}, settled ${settled}, held ${held}`);
      await new Promise((resolve) => setImmediate(resolve));
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
