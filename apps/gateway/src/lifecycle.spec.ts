import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from './testing/eventually.js';
import { GatewayProcess, runToExit } from './testing/gateway-process.js';
import { scrape, sumOf } from './testing/metrics-text.js';
import { ASK, PROMPT_TOKENS, UUID_V7 } from './testing/openai-client.js';
import { chatRequestText, openSocket } from './testing/raw-http.js';
import { PRICE, World, apiKeyOf } from './testing/world.js';
import { VERSION } from './version.js';

const CALL_COST_NANO_USD = PROMPT_TOKENS * PRICE.input + 20 * PRICE.output;
const NANO_PER_CENT = 10_000_000;

/** The variables that a refused start complains of, each with the name of its error, in alphabetical order. */
function problemsIn(output: string): string[] {
  return [...output.matchAll(/^ +(\w+Error) (\S+):/gm)]
    .map(([, kind, variable]) => `${variable} ${kind}`)
    .sort();
}

async function read(url: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

describe('a gateway that must not start', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ gateways: 0 });
  });
  afterAll(() => world.close());

  it('names every missing piece exactly once in strict mode, and exits with 78', async () => {
    const { code, output } = await runToExit({ ENV: 'prod' });
    expect(code).toBe(78);
    expect(problemsIn(output)).toEqual([
      'BUDGET_STORE StoreConfigurationError',
      'DATABASE_URL StoreConfigurationError',
      'OPENAI_API_KEY AdapterConfigurationError',
      'TENANT_<ID>_API_KEYS ConfigurationError',
    ]);
    expect(output).toMatch(/^The configuration has 4 problem\(s\):\n/);
  });

  it('complains no more of what was acknowledged, and still of the rest', async () => {
    const { code, output } = await runToExit({ ENV: 'production', BUDGET_STORE: 'memory' });
    expect(code).toBe(78);
    expect(problemsIn(output)).toEqual([
      'DATABASE_URL StoreConfigurationError',
      'OPENAI_API_KEY AdapterConfigurationError',
      'TENANT_<ID>_API_KEYS ConfigurationError',
    ]);
  });

  it('never prints a value', async () => {
    const { code, output } = await runToExit({
      ...world.env,
      ENV: 'prod',
      PORT: 'port-value',
      OPENAI_API_KEY: 'key-value',
      TENANT_ACME_BUDGET_CENTS: 'budget-value',
      TENANT_ACME_API_KEYS: 'short-value',
    });
    expect(code).toBe(78);
    expect(problemsIn(output)).toEqual(
      expect.arrayContaining([
        'PORT ConfigurationError',
        'TENANT_ACME_API_KEYS ConfigurationError',
        'TENANT_ACME_BUDGET_CENTS ConfigurationError',
      ]),
    );
    expect(output).not.toContain('-value');
  });

  it('says that migrations are pending and what to do, and starts once it may run them', async () => {
    await world.pool.query('CREATE DATABASE lifecycle_empty');
    const inEmpty = (url: string): string =>
      Object.assign(new URL(url), { pathname: '/lifecycle_empty' }).href;
    const env = {
      ...world.env,
      DATABASE_URL: inEmpty(world.env['DATABASE_URL'] ?? ''),
      MIGRATION_DATABASE_URL: inEmpty(world.ownerUrl),
    };
    const { code, output } = await runToExit(env);
    expect(code).toBe(1);
    expect(output).toBe(
      'The gateway cannot start: the database lacks migrations: run "npm run tollgate -- migrate", or set MIGRATE_ON_START=true\n',
    );
    const gateway = await GatewayProcess.start({ ...env, MIGRATE_ON_START: 'true' });
    expect((await read(gateway.url, '/health/ready')).status).toBe(200);
    expect(await gateway.stop()).toBe(0);
    await world.pool.query('DROP DATABASE lifecycle_empty WITH (FORCE)');
  });

  it('refuses a database user whom row-level security does not bind, unless that is accepted', async () => {
    const env = { ...world.env, DATABASE_URL: world.ownerUrl, ENV: 'prod', PORT: '0', HOST: '127.0.0.1' };
    const { code, output } = await runToExit(env);
    expect(code).toBe(78);
    expect(output).toBe(
      'The configuration has 1 problem(s):\n' +
        '  StoreConfigurationError DATABASE_URL: row-level security does not bind its user (superuser, BYPASSRLS, owner of the tables). ' +
        'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_gateway, and connect as it; ' +
        'or add database-owner to STRICT_ACKNOWLEDGE to accept it.\n',
    );
    const accepted = await GatewayProcess.start({ ...env, STRICT_ACKNOWLEDGE: 'database-owner' });
    expect(await accepted.stop()).toBe(0);
    const inDev = await GatewayProcess.start({ ...env, ENV: 'dev' });
    expect(inDev.log.filter((line) => line.includes('row-level security does not bind'))).toHaveLength(1);
    expect(await inDev.stop()).toBe(0);
  });

  it('refuses a database user who is no member of its group, in any mode, and says what to run', async () => {
    const url = new URL(world.ownerUrl);
    Object.assign(url, { username: 'lifecycle_stranger', password: 's' });
    await world.pool.query("CREATE ROLE lifecycle_stranger LOGIN PASSWORD 's'");
    await world.pool.query('GRANT SELECT ON tollgate_migrations TO lifecycle_stranger');
    const { code, output } = await runToExit({ ...world.env, DATABASE_URL: url.href });
    await world.pool.query('DROP OWNED BY lifecycle_stranger');
    await world.pool.query('DROP ROLE lifecycle_stranger');
    expect(code).toBe(78);
    expect(output).toBe(
      'The configuration has 1 problem(s):\n  StoreConfigurationError DATABASE_URL: its user is not a member of tollgate_gateway. ' +
        'As the owner of the database, run GRANT tollgate_gateway TO <user>.\n',
    );
  });

  it.each(['1', '2'])('ends when its port is taken, with %s worker(s)', async (workers) => {
    const port = String(world.mock.port);
    const { code, output } = await runToExit({
      ...world.env,
      GATEWAY_WORKERS: workers,
      PORT: port,
      HOST: '127.0.0.1',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/The gateway cannot start: (listen|bind) EADDRINUSE/);
  });
});

describe('a running gateway', () => {
  let world: World;
  let url: string;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { HEALTH_CHECK_TIMEOUT_SECONDS: '1' },
      tenants: { ten: { RATE_LIMIT: '10' }, worked: {}, drained: {} },
    });
    url = world.gateways[0]?.url ?? '';
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const up = { status: 'up', latency_ms: expect.any(Number) };
  const ready = {
    status: 200,
    body: {
      status: 'ok',
      info: { gateway: { status: 'up' } },
      error: {},
      details: { gateway: { status: 'up' } },
    },
  };
  const live = { status: 200, body: { status: 'ok', info: {}, error: {}, details: {} } };

  function notReady(reason: string, status = 'error'): object {
    const gateway = { status: 'down', reason };
    return { status: 503, body: { status, info: {}, error: { gateway }, details: { gateway } } };
  }

  /** A call on a connection of its own. */
  function call(gatewayUrl: string, tenantId: string): Promise<Response> {
    return fetch(`${gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKeyOf(tenantId)}`,
        'content-type': 'application/json',
        connection: 'close',
      },
      body: JSON.stringify(ASK),
    });
  }

  it('reports its health', async () => {
    expect(await read(url, '/health')).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        version: VERSION,
        components: { database: up, redis: up },
      },
    });
    expect(await read(url, '/health/ready')).toEqual(ready);
    expect(await read(url, '/health/live')).toEqual(live);
  });

  it('is not ready exactly while Redis is away and calls are refused, and lives on', async () => {
    world.redis.pause();
    expect(await read(url, '/health/ready')).toEqual(notReady('redis is down'));
    const response = await world.chat(0, ASK);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toEqual({
      error: {
        message: expect.any(String),
        type: 'api_error',
        param: null,
        code: 'budget_store_unavailable',
      },
    });
    expect(await read(url, '/health')).toMatchObject({
      status: 200,
      body: { status: 'unhealthy', components: { database: up, redis: { status: 'down' } } },
    });
    expect(await read(url, '/health/live')).toEqual(live);
    expect(world.mock.requests).toEqual([]);
    world.redis.resume();
    await eventually(
      () => read(url, '/health/ready'),
      (answer) => expect(answer).toEqual(ready),
    );
    expect((await world.chat(0, ASK)).status).toBe(200);
    expect(await world.quietNanoUsd()).toBe(CALL_COST_NANO_USD);
  });

  it('writes its log as JSON, with the request id of the answer', async () => {
    const response = await world.chat(0, ASK, { headers: { 'x-agent-id': 'planner' } });
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toMatch(UUID_V7);
    const ended = await eventually(
      async () => world.gateways[0]?.log.find((text) => text.includes(requestId ?? '-')),
      (text) => expect(text).toBeDefined(),
    );
    expect(JSON.parse(ended ?? '')).toMatchObject({
      msg: 'model call ended',
      level: 30,
      tenantId: 'acme',
      agentId: 'planner',
      model: ASK.model,
      status: 'completed',
      errorCode: null,
      inputTokens: PROMPT_TOKENS,
      outputTokens: 20,
      costNanoUsd: CALL_COST_NANO_USD,
    });
    const refused = await call(url, 'nobody');
    const line = await eventually(
      async () =>
        world.gateways[0]?.log.find((text) => text.includes(refused.headers.get('x-request-id') ?? '-')),
      (text) => expect(text).toBeDefined(),
    );
    expect(JSON.parse(line ?? '')).toMatchObject({ msg: 'request refused', code: 'invalid_api_key' });
  });

  it('has the metrics that dashboards are built on, by their names and labels', async () => {
    await call(url, 'worked');
    const samples = await scrape(url);
    const labelsOf = (name: string): string[][] =>
      [
        ...new Set(
          samples
            .filter((sample) => sample.name === name)
            .map(({ labels }) => Object.keys(labels).sort().join()),
        ),
      ].map((labels) => labels.split(','));
    expect(labelsOf('nova_llm_tokens_total')).toEqual([
      ['agent_id', 'model', 'provider', 'tenant_id', 'token_type'],
    ]);
    expect(labelsOf('nova_llm_cost_cents_total')).toEqual([['agent_id', 'model', 'provider', 'tenant_id']]);
    expect(labelsOf('nova_llm_duration_seconds_count')).toEqual([['model', 'provider', 'tenant_id']]);
    expect(labelsOf('nova_llm_duration_seconds_bucket')).toEqual([['le', 'model', 'provider', 'tenant_id']]);
    expect(labelsOf('nova_llm_invocations_total')).toEqual([
      ['agent_id', 'model', 'provider', 'status', 'tenant_id'],
    ]);
    expect(labelsOf('nova_llm_tenant_rate_limit')).toEqual([['tenant_id']]);
    expect(labelsOf('nova_llm_tenant_budget_remaining_cents')).toEqual([['tenant_id']]);

    const labels = { provider: 'openai', model: ASK.model, tenant_id: 'worked', agent_id: 'other' };
    const value = (name: string, more: Record<string, string> = {}): number =>
      sumOf(samples, name, { ...labels, ...more });
    expect(value('nova_llm_tokens_total', { token_type: 'input' })).toBe(PROMPT_TOKENS);
    expect(value('nova_llm_tokens_total', { token_type: 'output' })).toBe(20);
    expect(value('nova_llm_cost_cents_total')).toBeCloseTo(CALL_COST_NANO_USD / NANO_PER_CENT, 10);
    expect(value('nova_llm_invocations_total', { status: 'completed' })).toBe(1);
    expect(sumOf(samples, 'nova_llm_duration_seconds_count', { tenant_id: 'worked' })).toBe(1);
    // Its one label set is shared by all calls, so only this world's number of them bounds it from below.
    expect(sumOf(samples, 'tollgate_overhead_seconds_count', {})).toBeGreaterThanOrEqual(1);
    expect(sumOf(samples, 'nova_llm_tenant_rate_limit', { tenant_id: 'ten' })).toBe(10);
    expect(sumOf(samples, 'nova_llm_tenant_budget_remaining_cents', { tenant_id: 'worked' })).toBeCloseTo(
      100_000 - CALL_COST_NANO_USD / NANO_PER_CENT,
      6,
    );
  });

  it('finishes its streams on SIGTERM, refuses new calls, flushes its events and exits with 0', async () => {
    const gateway = await world.addGateway();
    world.mock.behave({ chunks: 20, chunkDelayMs: 50 });
    const stream = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKeyOf('drained')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ASK, stream: true }),
    });
    expect(stream.status).toBe(200);
    const exit = gateway.stop();
    await eventually(
      () => read(gateway.url, '/health/ready'),
      (answer) => expect(answer).toEqual(notReady('shutting down', 'shutting_down')),
    );
    const refused = await call(gateway.url, 'drained');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-should-retry')).toBeNull();
    expect(await refused.json()).toMatchObject({ error: { code: 'draining', type: 'api_error' } });
    const text = await stream.text();
    expect(text).toMatch(/"content":"word20 ".*"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/s);
    expect(await exit).toBe(0);
    // No waiting here: what is to be written is written when the process has ended.
    expect(await world.ledgerRows('drained')).toMatchObject([
      { status: 'completed', usageSource: 'reported', costNanoUsd: CALL_COST_NANO_USD },
    ]);
    expect(await world.redisNanoUsd('drained')).toEqual({ settled: CALL_COST_NANO_USD, held: 0 });
  });

  it('waits on SIGTERM for a client that is slow to take its answer', async () => {
    const gateway = await world.addGateway();
    world.mock.behave({ chunks: 4_000, chunkBytes: 2_000 });
    const socket = await openSocket(gateway.url);
    socket.write(chatRequestText(apiKeyOf('drained'), ASK));
    await once(socket, 'readable');
    await eventually(
      async () => gateway.log.join('\n'),
      (log) => expect(log).toContain('model call ended'),
    );
    const exit = gateway.stop();
    await eventually(
      () => read(gateway.url, '/health/ready'),
      ({ status }) => expect(status).toBe(503),
    );
    let text = '';
    for await (const bytes of socket) text += String(bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(body).toHaveLength(Number(/content-length: (\d+)/i.exec(head)?.[1]));
    expect(await exit).toBe(0);
  });

  describe('with two workers', () => {
    let gateway: GatewayProcess;
    const logged = (message: string): { pid: number; tenantId: string }[] =>
      gateway.log
        .filter((line) => line.includes(`"msg":"${message}"`))
        .map((line) => JSON.parse(line) as { pid: number; tenantId: string });

    beforeAll(async () => {
      gateway = await world.addGateway({ GATEWAY_WORKERS: '2' });
      await eventually(
        async () => logged('gateway is listening'),
        (lines) => expect(new Set(lines.map(({ pid }) => pid)).size).toBe(2),
      );
    });

    it('serves on one port, and the metrics are those of both', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => call(gateway.url, 'worked')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(logged('model call ended').map(({ pid }) => pid)).size).toBe(2);
      for (let scrapes = 0; scrapes < 4; scrapes += 1) {
        const samples = await scrape(gateway.url);
        expect(sumOf(samples, 'nova_llm_invocations_total', { tenant_id: 'worked' })).toBe(30);
        expect(sumOf(samples, 'nova_llm_tenant_rate_limit', { tenant_id: 'ten' })).toBe(10);
      }
    });

    it('keeps limits exactly', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => call(gateway.url, 'ten')));
      const passed = answers.filter(({ status }) => status === 200);
      expect(passed).toHaveLength(10);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
    });

    it('replaces a worker that dies, and exits with 0 on SIGTERM', async () => {
      const [victim] = logged('gateway is listening');
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      await eventually(
        async () => logged('gateway is listening'),
        (lines) => expect(lines).toHaveLength(3),
      );
      expect((await call(gateway.url, 'worked')).status).toBe(200);
      expect(await gateway.stop()).toBe(0);
    });
  });
});
