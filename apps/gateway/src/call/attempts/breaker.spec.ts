import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLAUDE } from '../../testing/anthropic-client.js';
import { eventually } from '../../testing/eventually.js';
import { scrape, sumOf } from '../../testing/metrics-text.js';
import { ASK } from '../../testing/openai-client.js';
import { World } from '../../testing/world.js';

/** Half a call a second, over the window of 30 s. */
const ENOUGH_CALLS = 15;

describe('the circuit breaker of a model', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { UPSTREAM_MAX_TRIES: '1', BREAKER_FAILURE_PERCENT: '60', TENANT_ACME_LLM_FALLBACK_MODEL: CLAUDE },
    });
  });
  afterAll(() => world.close());

  const isOpen = async (model: string): Promise<number> =>
    sumOf(await scrape(world.gateways[0]?.url ?? ''), 'tollgate_breaker_open', { model });

  it('opens when most calls fail, spares the model provider, and closes when it is well again', async () => {
    world.mock.behave({ status: 422 });
    for (let calls = 0; calls < 2 * ENOUGH_CALLS; calls += 1) await (await world.chat(0, ASK)).text();
    expect(await isOpen(ASK.model)).toBe(0);

    world.mock.behave(({ path }) => (path === '/v1/messages' ? undefined : { status: 500 }));
    await eventually(
      async () => {
        await (await world.chat(0, ASK)).text();
        return isOpen(ASK.model);
      },
      (open) => expect(open).toBe(1),
    );
    world.mock.reset();
    const spared = await world.chat(0, ASK);
    expect([spared.status, await spared.json(), spared.headers.get('retry-after')]).toMatchObject([
      503,
      { error: { code: 'model_provider_unavailable' } },
      '1',
    ]);
    expect(world.mock.requests).toEqual([]);
    const other = await world.chat(0, { ...ASK, model: CLAUDE });
    expect(other.status).toBe(200);

    await eventually(
      async () => (await world.chat(0, ASK)).status,
      (status) => expect(status).toBe(200),
    );
    expect(await isOpen(ASK.model)).toBe(0);
    await world.quietNanoUsd();
  });
});
