import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.js';
import { AddressPolicy } from './address-policy.js';
import { backoffMs, WebhookDeliverer, type WebhookDelivererOptions } from './webhook-deliverer.js';
import { WebhookEndpoints } from './webhook-endpoints.js';
import { WebhookLog } from './webhook-log.js';

const DAY_MS = 86_400_000;
const MARK = {
  tenantId: 'acme',
  scope: 't',
  thresholdPercent: 80,
  limitNanoUsd: 1_000_000_000,
  spentNanoUsd: 801_000_000,
};

describe('WebhookDeliverer', () => {
  let database: BillingDatabase;
  let receiver: WebhookReceiver;
  let ledger: PostgresLedger;
  let endpoints: WebhookEndpoints;
  let log: WebhookLog;
  let nowMs: number;
  const clock = { now: () => nowMs };

  beforeAll(async () => {
    nowMs = Date.now() + DAY_MS; // alerts are due from when Postgres says they were raised
    database = await openBillingDatabase(nowMs);
    ledger = new PostgresLedger(database.gateway);
    endpoints = new WebhookEndpoints({ pool: database.admin, clock });
    log = new WebhookLog({ pool: database.admin, clock });
  });
  beforeEach(async () => {
    await database.owner.query('DELETE FROM webhook_endpoints');
    await database.owner.query('DELETE FROM budget_alerts');
    receiver = await startWebhookReceiver();
  });
  afterEach(() => receiver.close());
  afterAll(() => database.close());

  const deliverer = (more: Partial<WebhookDelivererOptions> = {}): WebhookDeliverer =>
    new WebhookDeliverer({
      pool: database.admin,
      clock,
      policy: new AddressPolicy(['127.0.0.1']),
      random: () => 0.5,
      ...more,
    });
  const url = (path = '/hook', host = '127.0.0.1'): string => `http://${host}:${receiver.port}${path}`;
  const testDelivery = async (target = url()): Promise<string> => {
    const { endpoint } = await endpoints.create({ url: target });
    return endpoints.sendTest(endpoint.id);
  };

  it('tells who asked for it of an alert, signed, with amounts', async () => {
    const own = await endpoints.create({ tenantId: 'acme', url: url('/own?x=1'), thresholds: [80] });
    await endpoints.create({ url: url('/all') });
    await endpoints.create({ tenantId: 'globex', url: url('/other') });
    await endpoints.create({ tenantId: 'acme', url: url('/threshold'), thresholds: [50, 100] });
    const off = await endpoints.create({ url: url('/off') });
    await endpoints.update(off.endpoint.id, { isEnabled: false });
    expect(await ledger.markAlert({ ...MARK, window: '2026-11' })).toBe(true);
    expect(await ledger.markAlert({ ...MARK, window: '2026-11' })).toBe(false);
    expect(await deliverer().run()).toBe(2);
    expect(await deliverer().run()).toBe(0);
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/all', '/own?x=1']);
    const message = receiver.received.find(({ path }) => path !== '/all');
    const raised = await database.owner.query<{ raised_at: Date }>('SELECT raised_at FROM budget_alerts');
    expect(JSON.parse(message?.body ?? '')).toEqual({
      type: 'budget.threshold_reached',
      timestamp: raised.rows[0]?.raised_at.toISOString(),
      data: {
        tenant_id: 'acme',
        scope: 't',
        window: '2026-11',
        threshold_percent: 80,
        limit_nano_usd: 1_000_000_000,
        limit_usd: '1',
        spent_nano_usd: 801_000_000,
        spent_usd: '0.801',
      },
    });
    const { method } = message ?? {};
    const headers: IncomingHttpHeaders = message?.headers ?? {};
    const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
    const key = Buffer.from(own.secret.replace('whsec_', ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${message?.body}`).digest('base64');
    expect({
      method,
      type: headers['content-type'],
      signature: headers['webhook-signature'],
      timestamp,
    }).toEqual({
      method: 'POST',
      type: 'application/json',
      signature: `v1,${expected}`,
      timestamp: Math.floor(nowMs / 1000).toString(),
    });
  });

  it('queues the messages of an alert with its mark, or neither', async () => {
    await endpoints.create({ url: url() });
    const client = await database.gateway.connect();
    const mark = `INSERT INTO budget_alerts (tenant_id, scope, "window", threshold_percent) VALUES ('acme', 't', '2026-11', 80)`;
    await client.query('BEGIN');
    await client.query(mark);
    await client.query('ROLLBACK');
    client.release();
    expect(await deliverer().run()).toBe(0);
    await database.gateway.query(mark);
    expect(await deliverer().run()).toBe(1);
    await expect(database.gateway.query('SELECT secret FROM webhook_endpoints')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('tries again under the same id, later and later, until it is received', async () => {
    const id = await testDelivery();
    receiver.answer = (response) => response.writeHead(500).end('no\0 room');
    await deliverer().run();
    expect(await log.get(id)).toMatchObject({ state: 'pending', nextAttemptAtMs: nowMs + 15_000 });
    nowMs += 14_999;
    expect(await deliverer().run()).toBe(0);
    nowMs += 1;
    await deliverer().run();
    expect(await log.get(id)).toMatchObject({ nextAttemptAtMs: nowMs + 30_000 });
    nowMs += 30_000;
    receiver.answer = (response) => response.writeHead(200).end('ok');
    await deliverer().run();
    const { attempts, state } = await log.get(id);
    expect(state).toBe('delivered');
    expect(
      attempts.map(({ attempt, status, error, response }) => [attempt, status, error, response]),
    ).toEqual([
      [1, 500, null, 'no room'],
      [2, 500, null, 'no room'],
      [3, 200, null, 'ok'],
    ]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    nowMs += DAY_MS;
    expect(await deliverer().run()).toBe(0);
  });

  it('gives up after twelve attempts, until somebody asks for one more', async () => {
    const id = await testDelivery();
    receiver.answer = (response) => response.writeHead(404).end();
    for (let i = 0; i < 14; i += 1) {
      await deliverer().run();
      nowMs += DAY_MS;
    }
    expect(receiver.received).toHaveLength(12);
    expect(await log.get(id)).toMatchObject({ state: 'failed', nextAttemptAtMs: undefined });
    receiver.answer = (response) => response.writeHead(204).end();
    await log.retry(id);
    await deliverer().run();
    expect(await log.get(id)).toMatchObject({ state: 'delivered' });
    expect(await log.prune(nowMs)).toBe(0);
    expect(await log.prune(nowMs + 1)).toBe(1);
    await expect(log.get(id)).rejects.toMatchObject({ code: 'delivery_not_found' });
  });

  it.each([
    ['http://127.0.0.1', 'the host has an address that webhooks may not be sent to'],
    ['http://[::1]', 'the host has an address that webhooks may not be sent to'],
    ['http://0x7f.1', 'the host has an address that webhooks may not be sent to'],
    ['https://169.254.169.254', 'the host has an address that webhooks may not be sent to'],
    ['https://rebound.example', 'the host has an address that webhooks may not be sent to'],
    ['https://nowhere.example', 'the host has no address'],
    ['http://public.example', 'webhooks without TLS go to allowed addresses only'],
  ])('does not connect to %s, unless that was allowed', async (origin, error) => {
    const hosts: Record<string, string[]> = {
      'rebound.example': ['8.8.8.8', '127.0.0.1'],
      'public.example': ['8.8.8.8'],
    };
    const id = await testDelivery(`${origin}:${receiver.port}/`);
    const resolve = (host: string): Promise<string[]> => Promise.resolve(hosts[host] ?? []);
    await deliverer({ policy: new AddressPolicy(), resolve }).run();
    expect(await log.get(id)).toMatchObject({ state: 'pending', attempts: [{ status: null, error }] });
    expect(receiver.received).toEqual([]);
  });

  it('asks for the address once, and connects to the one it looked at', async () => {
    await testDelivery(url('/', 'hooks.example'));
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    await deliverer({ resolve: () => Promise.resolve(answers.shift() ?? []) }).run();
    expect(answers).toEqual([['10.0.0.1']]);
    expect(receiver.received.map(({ headers }) => headers.host)).toEqual([`hooks.example:${receiver.port}`]);
  });

  it('follows no redirect', async () => {
    const id = await testDelivery();
    receiver.answer = (response) => response.writeHead(302, { location: url('/elsewhere') }).end();
    await deliverer().run();
    expect(receiver.received).toHaveLength(1);
    expect(await log.get(id)).toMatchObject({
      state: 'pending',
      attempts: [{ status: 302, error: 'redirects are not followed' }],
    });
  });

  it('waits neither for a receiver that says nothing nor for one that never ends', async () => {
    const silent = await testDelivery(url('/silent'));
    receiver.answer = () => undefined;
    await deliverer({ timeoutMs: 100 }).run();
    expect(await log.get(silent)).toMatchObject({ attempts: [{ status: null, error: 'timed out' }] });
    await database.owner.query('DELETE FROM webhook_endpoints');
    const endless = await testDelivery(url('/endless'));
    receiver.answer = (response) => {
      response.writeHead(200);
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', write);
      write();
    };
    await deliverer({ timeoutMs: 20_000 }).run();
    const { state, attempts } = await log.get(endless);
    expect([state, attempts[0]?.response?.length]).toEqual(['delivered', 500]);
  });

  it('shares the work between replicas, and takes over from one that has died, under the same id', async () => {
    const { endpoint } = await endpoints.create({ url: url() });
    const ids = [];
    for (let i = 0; i < 60; i += 1) ids.push(await endpoints.sendTest(endpoint.id));
    const counts = await Promise.all(Array.from({ length: 4 }, () => deliverer().run()));
    expect(counts.reduce((sum, count) => sum + count, 0) + (await deliverer().run())).toBe(60);
    expect(receiver.received.map(({ headers }) => String(headers['webhook-id'])).sort()).toEqual(ids.sort());
    const id = await endpoints.sendTest(endpoint.id);
    // A replica that dies in the middle of an attempt leaves this behind.
    await database.owner.query(
      'UPDATE webhook_deliveries SET attempts = 1, next_attempt_at = $2 WHERE id = $1',
      [id, new Date(nowMs + 60_000)],
    );
    expect(await deliverer().run()).toBe(0);
    nowMs += 60_000;
    expect(await deliverer().run()).toBe(1);
    expect(await log.get(id)).toMatchObject({ state: 'delivered', attempts: [{ attempt: 2, status: 204 }] });
  });

  it('lists an endpoint and its deliveries by pages, and never its secret', async () => {
    const { endpoint } = await endpoints.create({ tenantId: 'acme', url: url() });
    nowMs += 1;
    await endpoints.create({ tenantId: 'globex', url: url() });
    expect(await endpoints.list({ tenantId: 'acme' })).toEqual({ items: [endpoint], nextAfter: undefined });
    expect((await endpoints.list({ limit: 1 })).nextAfter).toBe(endpoint.id);
    const sent = [];
    for (let i = 0; i < 5; i += 1) {
      nowMs += 1;
      sent.push(await endpoints.sendTest(endpoint.id));
    }
    const first = await log.list({ endpointId: endpoint.id, limit: 3 });
    const second = await log.list({ endpointId: endpoint.id, limit: 3, before: first.nextBefore });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(sent.reverse());
    await endpoints.delete(endpoint.id);
    await expect(endpoints.get(endpoint.id)).rejects.toMatchObject({ code: 'endpoint_not_found' });
  });

  it.each(['ftp://x.example', 'https://user:secret@x.example', 'https://x.example/#y', 'x', ''])(
    'refuses %j as a URL',
    async (wrong) => {
      await expect(endpoints.create({ url: wrong })).rejects.toMatchObject({
        code: 'invalid_input',
        param: 'url',
      });
    },
  );
});

describe('backoffMs', () => {
  it('doubles its bound up to six hours, and takes any part of it', () => {
    const bounds = [1, 2, 3, 10, 11, 12].map((attempts) => backoffMs(attempts, () => 1));
    expect(bounds).toEqual([30_000, 60_000, 120_000, 15_360_000, 21_600_000, 21_600_000]);
    expect(backoffMs(5, () => 0)).toBe(0);
  });
});
