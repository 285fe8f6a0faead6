import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOperations, ledgerOperations } from '@tollgate/admin-contract';
import { uuidV7 } from '@tollgate/domain';
import { PostgresLedger } from '@tollgate/stores';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';
import { NOON, eventOf } from '../testing/usage-event.js';

const { read, correct } = ledgerOperations;

describe('an entry of the ledger', () => {
  let world: AdminWorld;
  let client: AdminClient;
  const presumed = uuidV7(NOON);
  const seen = uuidV7(NOON + 1);

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    await world.pool.query('SELECT tollgate_prepare_usage_months($1)', [new Date(NOON)]);
    await new PostgresLedger(world.pool).append([
      eventOf({ requestId: presumed, status: 'presumed', costNanoUsd: 9000, usageSource: 'none' }),
      eventOf({ requestId: seen }),
    ]);
  });
  afterAll(() => world.close());

  const spent = async (): Promise<unknown[]> =>
    (await world.pool.query<object>(`SELECT total_nano_usd FROM budget_totals WHERE scope = 't'`)).rows;

  it('has all that was written of a call', async () => {
    const { body } = await client.ask(read, { params: { request_id: seen } });
    expect(body).toEqual({
      request_id: seen,
      corrections: [],
      events: [
        {
          attempt: 0,
          at: new Date(NOON + 1).toISOString(),
          tenant_id: 'acme',
          key_id: 'k1',
          agent_id: 'planner',
          run_id: null,
          task_type: null,
          month: '2026-10',
          model_asked: 'gpt-4o-mini',
          model: 'gpt-4o-mini',
          model_provider: 'openai',
          status: 'completed',
          error_code: null,
          usage_source: 'reported',
          input_tokens: 10,
          cached_input_tokens: 0,
          cache_write_tokens: 0,
          input_audio_tokens: 0,
          output_tokens: 5,
          output_audio_tokens: 0,
          cost_usd: '0.0000045',
          cost_nano_usd: 4500,
          price_version: 'v1',
          streamed: false,
          latency_ms: 12,
          first_token_ms: null,
          config_hash: 'c0ffee',
        },
      ],
    });
  });

  it('is corrected once, by proof, and the totals follow in the same transaction as the audit', async () => {
    const params = { request_id: presumed };
    const body = { status: 'completed', cost_nano_usd: 1000, reason: 'the provider’s log' };
    const corrected = await client.ask(correct, { params, body });
    expect(corrected.body.events[0]).toMatchObject({ status: 'completed', cost_nano_usd: 1000 });
    expect(corrected.body.corrections).toEqual([
      expect.objectContaining({
        difference_nano_usd: -8000,
        difference_usd: '-0.000008',
        reason: 'the provider’s log',
        corrected_by: 'admin-token',
      }),
    ]);
    expect(await spent()).toEqual([{ total_nano_usd: '5500' }]);
    const { body: audit } = await client.ask(auditOperations.list, { query: { action: 'ledger.correct' } });
    expect(audit.data).toHaveLength(1);
    expect(audit.data[0]).toMatchObject({ target_id: presumed, tenant_id: 'acme', after: corrected.body });
    const other = { ...body, cost_nano_usd: 2000 };
    expect(await client.refusal(correct, { params, body: other })).toEqual([409, 'event_already_corrected']);
  });

  it('takes its correction back with an audit that cannot be written', async () => {
    const id = uuidV7(NOON + 2);
    await new PostgresLedger(world.pool).append([
      eventOf({ requestId: id, status: 'presumed', costNanoUsd: 100 }),
    ]);
    await world.pool.query('REVOKE INSERT ON audit_log FROM tollgate_admin');
    const body = { status: 'failed', cost_usd: '0', reason: 'never sent' };
    expect(await client.refusal(correct, { params: { request_id: id }, body })).toEqual([
      500,
      'internal_error',
    ]);
    await world.pool.query('GRANT INSERT ON audit_log TO tollgate_admin');
    const { body: entry } = await client.ask(read, { params: { request_id: id } });
    expect([entry.events[0]?.status, entry.corrections]).toEqual(['presumed', []]);
  });

  it('whose end was seen is not corrected, and one that is not there not found', async () => {
    const body = { status: 'failed', cost_usd: '0', reason: 'x' };
    expect(await client.refusal(correct, { params: { request_id: seen }, body })).toEqual([
      409,
      'event_not_presumed',
    ]);
    const nobody = { request_id: uuidV7(NOON) };
    expect(await client.refusal(read, { params: nobody })).toEqual([404, 'usage_event_not_found']);
    expect(await client.refusal(correct, { params: nobody, body })).toEqual([404, 'usage_event_not_found']);
  });

  it.each([
    [{ status: 'presumed', cost_usd: '0', reason: 'x' }],
    [{ status: 'failed', reason: 'x' }],
    [{ status: 'failed', cost_usd: '0', cost_nano_usd: 1, reason: 'x' }],
    [{ status: 'failed', cost_usd: '0' }],
    [{ status: 'failed', cost_usd: '0', reason: 'x', tokens: { input_tokens: -1, output_tokens: 0 } }],
  ])('is not corrected by %j', async (body) => {
    expect(await client.refusal(correct, { params: { request_id: seen }, body })).toEqual([
      400,
      'invalid_request',
    ]);
  });
});
