import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH, usageOperations } from '@tollgate/admin-contract';
import { PostgresLedger, fillLedger } from '@tollgate/stores';
import { ADMIN_TOKEN, AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';
import { eventually } from '../testing/eventually.js';
import { NOON, eventOf } from '../testing/usage-event.js';

const RANGE = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };

describe('usage', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    await world.pool.query('SELECT tollgate_prepare_usage_months($1)', [new Date(NOON)]);
    await new PostgresLedger(world.pool).append([
      eventOf({}),
      eventOf({ agentId: '=cmd|" /C calc"!A0' }),
      eventOf({ agentId: null, status: 'aborted', costNanoUsd: 500 }),
      eventOf({ tenantId: 'globex', model: 'gpt-4o', costNanoUsd: 1_000_000_000 }),
    ]);
  });
  afterAll(() => world.close());

  it('is one row when nothing is asked of it, with money both ways', async () => {
    const { body } = await client.ask(usageOperations.read, { query: RANGE });
    expect(body).toEqual({
      data: [
        {
          calls: 4,
          tries: 4,
          input_tokens: 40,
          cached_input_tokens: 0,
          cache_write_tokens: 0,
          input_audio_tokens: 0,
          output_tokens: 20,
          output_audio_tokens: 0,
          cost_usd: '1.0000095',
          cost_nano_usd: 1_000_009_500,
        },
      ],
      next_cursor: null,
    });
  });

  it('is put in buckets and grouped by what is named, a page after the other', async () => {
    const query = { ...RANGE, bucket: 'day', group_by: 'tenant_id,agent_id,status', limit: '2' };
    const first = await client.ask(usageOperations.read, { query });
    const cursor = first.body.next_cursor ?? '';
    const rest = await client.ask(usageOperations.read, { query: { ...query, cursor } });
    const rows = [...first.body.data, ...rest.body.data];
    expect(rows.map((row) => [row.bucket, row.tenant_id, row.agent_id, row.status, row.cost_usd])).toEqual([
      ['2026-10-23T00:00:00.000Z', 'acme', null, 'aborted', '0.0000005'],
      ['2026-10-23T00:00:00.000Z', 'acme', '=cmd|" /C calc"!A0', 'completed', '0.0000045'],
      ['2026-10-23T00:00:00.000Z', 'acme', 'planner', 'completed', '0.0000045'],
      ['2026-10-23T00:00:00.000Z', 'globex', 'planner', 'completed', '1'],
    ]);
    expect([rest.body.next_cursor, rows[0]?.model]).toEqual([null, undefined]);
  });

  it('is filtered by any of several values, and by none', async () => {
    const calls = async (query: string): Promise<number> => {
      const answer = await fetch(
        `${world.url}${BASE_PATH}/usage?from=${RANGE.from}&to=${RANGE.to}&${query}`,
        { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
      );
      const { data } = (await answer.json()) as { data: { calls: number }[] };
      return data[0]?.calls ?? 0;
    };
    expect(await calls('tenant_id=acme')).toBe(3);
    expect(await calls('tenant_id=acme&tenant_id=globex')).toBe(4);
    expect(await calls('agent_id=&model=gpt-4o-mini')).toBe(1);
    expect(await calls("tenant_id=acme'+OR+1=1--")).toBe(0);
  });

  it.each([
    { from: 'yesterday' },
    { from: '2026-10-01T00:30:00Z' },
    { from: '2026-12-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
    { bucket: 'week' },
    { group_by: 'tenant_id,tenant_id' },
    { group_by: 'secret' },
    { group_by: 'model', cursor: 'x' },
    { colour: 'red' },
    { limit: '0' },
  ])('is refused for %j', async (query) => {
    expect(await client.refusal(usageOperations.read, { query })).toEqual([400, 'invalid_request']);
  });

  const download = (query: string, signal?: AbortSignal): Promise<Response> =>
    fetch(`${world.url}${BASE_PATH}/usage/export?from=${RANGE.from}&to=${RANGE.to}&${query}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      ...(signal ? { signal } : {}),
    });

  it('is exported as CSV that no spreadsheet takes for a formula', async () => {
    const answer = await download('format=csv&group_by=agent_id&tenant_id=acme');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="usage.csv"');
    expect((await answer.text()).split('\r\n').map((line) => line.split(',').slice(0, 2))).toEqual([
      ['agent', 'calls'],
      ['', '1'],
      [`"'=cmd|"" /C calc""!A0"`, '1'],
      ['planner', '1'],
      [''],
    ]);
  });

  it('is exported as JSON lines', async () => {
    const answer = await download('format=jsonl&group_by=tenant_id&tenant_id=globex');
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(JSON.parse(await answer.text())).toMatchObject({ tenant: 'globex', calls: 1, cost_usd: '1' });
  });

  it('is refused as a problem before anything of an export is written', async () => {
    const answer = await download('format=csv&bucket=week');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

describe('an export of many rows', () => {
  let world: AdminWorld;

  beforeAll(async () => {
    world = await AdminWorld.create();
    await fillLedger(world.pool, { tenantId: 'acme', month: '2026-10', count: 30_000 });
  });
  afterAll(() => world.close());

  const readers = async (): Promise<number> => {
    const { rows } = await world.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction'`,
    );
    return rows[0]?.count ?? 0;
  };

  it('waits for a slow reader, and lets its connection go when the reader hangs up', async () => {
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const group = 'tenant_id,agent_id,key_id,model,status,task_type';
    const path = `${BASE_PATH}/usage/export?format=jsonl&bucket=hour&group_by=${group}&from=${RANGE.from}&to=${RANGE.to}`;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_TOKEN}\r\n\r\n`);
    await once(socket, 'readable'); // and nothing more is read
    await eventually(readers, (count) => expect(count).toBe(1));
    socket.destroy();
    await eventually(readers, (count) => expect(count).toBe(0));
  });
});
