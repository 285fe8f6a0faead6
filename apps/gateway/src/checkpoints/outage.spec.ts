import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckpointClient } from '../testing/checkpoint-client.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY, World } from '../testing/world.js';

describe('the checkpoint routes, when Postgres goes away', () => {
  let world: World;
  let acme: CheckpointClient;
  beforeAll(async () => {
    world = await World.create({ gateways: 1, ownPostgres: true });
    acme = new CheckpointClient(world.gateways[0]?.url ?? '', API_KEY);
  });
  afterAll(() => world.close());

  it('acknowledge nothing that is not durable, and everything that they acknowledged is there afterwards', async () => {
    const acknowledged = new Map<string, number>();
    const refusals = new Set<string>();
    let isOver = false;
    const write = async (lane: number): Promise<void> => {
      for (let n = 0; !isOver && n < 100_000; n += 1) {
        const run = `run-${lane}-${n % 10}`;
        const { status, json, headers } = await acme.put(run, { n });
        if (status < 300) acknowledged.set(run, Number(headers.get('etag')?.replaceAll('"', '')));
        else
          refusals.add(
            `${status} ${(json as { error: { code: string } }).error.code} ${headers.get('retry-after')}`,
          );
      }
    };
    const lanes = [0, 1, 2, 3].map(write);
    await eventually(
      () => Promise.resolve(acknowledged.size),
      (size) => expect(size).toBeGreaterThan(20),
    );
    await world.postgres?.kill();
    await eventually(
      () => Promise.resolve(refusals.size),
      (size) => expect(size).toBeGreaterThan(0),
    );
    await world.postgres?.restart();
    const before = acknowledged.get('run-0-0') ?? 0;
    await eventually(
      () => Promise.resolve(acknowledged.get('run-0-0') ?? 0),
      (version) => expect(version).toBeGreaterThan(before),
    );
    isOver = true;
    await Promise.all(lanes);
    expect([...refusals]).toEqual(['503 checkpoint_store_unavailable 1']);
    for (const [run, version] of acknowledged)
      expect((await acme.get(run)).json).toMatchObject({ run_id: run, version });
  });
});

describe('the checkpoint routes of a gateway that shuts down', () => {
  it('let what is under way finish, and lose nothing that they acknowledged', async () => {
    const world = await World.create({ gateways: 1 });
    try {
      const [gateway] = world.gateways;
      const client = new CheckpointClient(gateway?.url ?? '', API_KEY);
      const large = { text: 'x'.repeat(4_000_000) };
      await client.put('warm', {});
      const writes = Array.from({ length: 6 }, (_, n) =>
        client.put(`run-${n}`, large).catch(() => undefined),
      );
      await writes[0];
      expect(await gateway?.stop()).toBe(0);
      const statuses = (await Promise.all(writes)).map((answer) => answer?.status);
      expect(statuses[0]).toBe(201);
      const { rows } = await world.pool.query<{ runs: string[] }>(
        "SELECT array_agg(run_id) AS runs FROM checkpoints WHERE tenant_id = 'acme'",
      );
      statuses.forEach((status, n) => {
        if (status === 201) expect(rows[0]?.runs).toContain(`run-${n}`);
      });
    } finally {
      await world.close();
    }
  });
});
