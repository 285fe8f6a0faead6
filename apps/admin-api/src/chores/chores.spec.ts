import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertOperations, tenantOperations } from '@tollgate/admin-contract';
import { PostgresLedger } from '@tollgate/stores';
import { createTestDatabase, createTestPool } from '@tollgate/database/testing';
import { AdminProcess } from '../testing/admin-process.js';
import { AdminWorld } from '../testing/admin-world.js';
import { eventually } from '../testing/eventually.js';
import { NOON, eventOf } from '../testing/usage-event.js';
import { Chores } from './chores.js';

describe('chores', () => {
  it('are done again after a failure, which is told, and not any more after the end', async () => {
    const told: unknown[] = [];
    let runs = 0;
    const chores: Chores = new Chores({
      chores: [
        {
          name: 'count',
          everyMs: 1,
          run: () => {
            runs += 1;
            if (runs === 1) return Promise.reject(new Error('first'));
            if (runs === 3) chores.close();
            return Promise.resolve(runs);
          },
        },
      ],
      onDone: (chore, items) => told.push([chore, items]),
      onError: (chore, error) => told.push([chore, error]),
    });
    chores.start();
    await eventually(
      () => Promise.resolve(runs),
      (count) => expect(count).toBe(3),
    );
    await chores.drain(1000);
    expect(told).toEqual([
      ['count', new Error('first')],
      ['count', 2],
      ['count', 3],
    ]);
  });

  it('are waited for, but not for ever', async () => {
    const stuck = Promise.withResolvers<number>();
    const options = { onDone: () => undefined, onError: () => undefined };
    const chores = new Chores({
      ...options,
      chores: [{ name: 'stuck', everyMs: 1, run: () => stuck.promise }],
    });
    chores.start();
    chores.close();
    await chores.drain(1);
    stuck.resolve(0);
    await chores.drain(60_000);
  });
});

describe('an admin API', () => {
  let world: AdminWorld;
  let receiver: Server;
  const received: IncomingMessage[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      received.push(request);
      void text(request).then(() => response.end());
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    world = await AdminWorld.create({ WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' });
  });
  afterAll(async () => {
    await world.close();
    receiver.close();
  });

  it('sends webhooks by itself, and logs what came of them', async () => {
    const { client } = world;
    await client.ask(tenantOperations.create, { body: { id: 'acme' } });
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const { body } = await client.ask(alertOperations.create, { body: { url } });
    const params = { endpoint_id: body.id };
    const { body: sent } = await client.ask(alertOperations.test, { params });
    const log = await eventually(
      () => client.ask(alertOperations.listDeliveries, { params }),
      (told) => expect(told.body.data[0]?.state).toBe('delivered'),
    );
    expect(log.body.data[0]?.attempts[0]).toMatchObject({ attempt: 1, status: 200, error: null });
    expect(received.map(({ url: path, headers }) => [path, headers['webhook-id']])).toEqual([
      ['/hook', sent.id],
    ]);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toMatch(/tollgate_admin_chore_items_total\{chore="webhook_delivery"\} 1/);
  });

  it('tells what it does not get done, and goes on', async () => {
    const failures = async (): Promise<string> => (await fetch(`${world.url}/metrics`)).text();
    await world.pool.query('REVOKE SELECT ON webhook_endpoints FROM tollgate_admin');
    await eventually(failures, (metrics) =>
      expect(metrics).toMatch(
        /tollgate_admin_chores_total\{chore="webhook_delivery",outcome="error"\} [1-9]/,
      ),
    );
    await world.pool.query('GRANT SELECT ON webhook_endpoints TO tollgate_admin');
    expect(world.log.join('')).toContain('"chore":"webhook_delivery"');
    expect(world.log.join('')).not.toContain('whsec_');
  });

  it('adds usage up at its start, and ends at once when it is told to', async () => {
    const database = await createTestDatabase();
    const pool = createTestPool(database);
    await pool.query('SELECT tollgate_prepare_usage_months($1)', [new Date(NOON)]);
    await new PostgresLedger(pool).append([eventOf({})]);
    const admin = await AdminProcess.start({
      DATABASE_URL: database.adminUrl,
      TENANT_LLM_CONFIG_SOURCE: 'database',
    });
    await eventually(
      async () => (await pool.query('SELECT calls FROM usage_daily')).rows as unknown[],
      (rows) => expect(rows).toEqual([{ calls: '1' }]),
    );
    expect(await admin.stop()).toBe(0);
    await pool.end();
    await database.drop();
  });
});
