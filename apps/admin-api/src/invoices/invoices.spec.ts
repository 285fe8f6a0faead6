import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH, invoiceOperations } from '@tollgate/admin-contract';
import { monthOf, uuidV7 } from '@tollgate/domain';
import { INVOICE_CSP, PostgresLedger } from '@tollgate/stores';
import { ADMIN_TOKEN, AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';
import { eventOf } from '../testing/usage-event.js';

const { list, read, close } = invoiceOperations;
const WHEN = Date.UTC(2026, 5, 23, 12);
const month = '2026-06';

describe('invoices', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    await world.pool.query('SELECT tollgate_prepare_usage_months($1)', [new Date(WHEN)]);
    await new PostgresLedger(world.pool).append([
      eventOf({ requestId: uuidV7(WHEN), agentId: '=1+1' }),
      eventOf({ requestId: uuidV7(WHEN), tenantId: 'globex', costNanoUsd: 2_000_000_000 }),
    ]);
  });
  afterAll(() => world.close());

  const render = (format: string): Promise<Response> =>
    fetch(`${world.url}${BASE_PATH}/invoices/acme/${month}/render?format=${format}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });

  it('are drafts until they are closed', async () => {
    const { body } = await client.ask(read, { params: { tenant_id: 'acme', month } });
    expect(body).toMatchObject({
      status: 'draft',
      closed_at: null,
      total_usd: '0.0000045',
      lines: [{ kind: 'usage', agent_id: '=1+1', model: 'gpt-4o-mini', calls: 1, cost_nano_usd: 4500 }],
    });
    expect((await client.ask(list)).body.data).toEqual([]);
  });

  it('are read as CSV without formulas, and as a page that runs nothing', async () => {
    const csv = await render('csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="invoice-acme-2026-06.csv"');
    expect((await csv.text()).split('\r\n')[1]).toContain(`"'=1+1"`);
    const html = await render('html');
    expect([html.headers.get('content-type'), html.headers.get('content-security-policy')]).toEqual([
      'text/html; charset=utf-8',
      INVOICE_CSP,
    ]);
    expect(await html.text()).toContain('<h1>Invoice acme, 2026-06 (draft)</h1>');
  });

  it('are closed by admins alone, and only when the month is over', async () => {
    const operator = await world.clientAs('operator');
    expect(await operator.refusal(close, { body: { month } })).toEqual([403, 'role_not_allowed']);
    expect(await client.refusal(close, { body: { month: monthOf(Date.now()) } })).toEqual([
      409,
      'month_not_over',
    ]);
  });

  it('are closed for ever: of one tenant, and then of all others, with an entry in the audit', async () => {
    const own = await client.ask(close, { body: { month, tenant_id: 'acme' } });
    expect(own.body.data.map((invoice) => [invoice.tenant_id, invoice.status, invoice.closed_by])).toEqual([
      ['acme', 'closed', 'admin-token'],
    ]);
    const all = await client.ask(close, { body: { month } });
    expect(all.body.data.map(({ tenant_id }) => tenant_id)).toEqual(['globex']);
    expect((await client.ask(close, { body: { month } })).body.data).toEqual([]);
    expect((await world.actions()).slice(-3)).toEqual(Array(3).fill('invoices.close'));
    const closed = await client.ask(read, { params: { tenant_id: 'acme', month } });
    expect(closed.body).toMatchObject({
      status: 'closed',
      content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('are listed by month and tenant, a page after the other', async () => {
    const first = await client.ask(list, { query: { limit: '1' } });
    const cursor = first.body.next_cursor ?? '';
    const rest = await client.ask(list, { query: { limit: '1', cursor } });
    expect([first, rest].map(({ body }) => body.data[0]?.tenant_id)).toEqual(['acme', 'globex']);
    expect(rest.body.next_cursor).toBeNull();
    const filtered = await client.ask(list, { query: { tenant_id: 'globex', month } });
    expect(filtered.body.data.map(({ total_usd }) => total_usd)).toEqual(['2']);
    expect(await client.refusal(list, { query: { cursor: 'x' } })).toEqual([400, 'invalid_request']);
  });

  it('of a month before a closed one are not made up', async () => {
    const params = { tenant_id: 'acme', month: '2026-05' };
    expect(await client.refusal(read, { params })).toEqual([409, 'later_month_closed']);
  });
});
