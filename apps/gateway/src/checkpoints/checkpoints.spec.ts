import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantAdmin } from '@tollgate/tenant-config';
import { CheckpointClient, type CheckpointAnswer } from '../testing/checkpoint-client.js';
import { World } from '../testing/world.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const sha256 = (text: string): string => hash('sha256', text);
const error = (code: string, more: object = {}): object => ({
  error: {
    message: expect.any(String),
    type: 'invalid_request_error',
    param: null,
    code,
    ...more,
  },
});

describe('the checkpoint routes', () => {
  let world: World;
  let acme: CheckpointClient;
  let planner: CheckpointClient;
  let globex: CheckpointClient;
  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: {
        TENANT_LLM_CONFIG_SOURCE: 'database',
        CHECKPOINT_KEEP_VERSIONS: '3',
        DEFAULT_TENANT_CHECKPOINTS: '40',
      },
    });
    const admin = new TenantAdmin(world.pool);
    const url = world.gateways[0]?.url ?? '';
    const client = async (tenantId: string, agentId?: string): Promise<CheckpointClient> =>
      new CheckpointClient(url, (await admin.createKey(tenantId, { agentId })).secret);
    for (const id of ['acme', 'globex']) await admin.createTenant({ id });
    await admin.createAgent('acme', { id: 'planner' });
    [acme, planner, globex] = [await client('acme'), await client('acme', 'planner'), await client('globex')];
    await expectSoon(() => globex.list());
  });
  afterAll(() => world.close());

  // Keys that were just made are known to the gateway within a second.
  async function expectSoon(ask: () => Promise<CheckpointAnswer>): Promise<void> {
    const deadline = Date.now() + 10_000;
    while ((await ask()).status === 401 && Date.now() < deadline);
  }

  it('create a checkpoint and answer what the server knows of it', async () => {
    const document = '{"workflow_id":"wf","step_outputs":{"n":12345678901234567890.10}}';
    const written = await acme.put('first', document);
    expect([written.status, written.headers.get('etag')]).toEqual([201, '"1"']);
    expect(written.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(written.json).toEqual({
      run_id: 'first',
      version: 1,
      created_at: expect.stringMatching(TIME),
      updated_at: expect.stringMatching(TIME),
      content_hash: sha256(document),
    });
    const read = await acme.get('first');
    expect(read.status).toBe(200);
    expect(Object.fromEntries(read.headers)).toMatchObject({
      etag: '"1"',
      'content-type': 'application/json; charset=utf-8',
      'x-checkpoint-source': 'live',
      'content-length': String(Buffer.byteLength(read.text)),
    });
    expect(read.text).toBe(`${written.text.slice(0, -1)},${document.slice(1)}`);
  });

  it('write the next version on top of the one that is named, and say which is there when it is not', async () => {
    await acme.put('steps', { next_step_index: 1 });
    const second = await acme.put('steps', { next_step_index: 2 }, { 'if-match': '"1"' });
    expect([second.status, second.headers.get('etag')]).toEqual([200, '"2"']);
    const stale = await acme.put('steps', { next_step_index: 9 }, { 'if-match': '"1"' });
    expect([stale.status, stale.json]).toEqual([
      412,
      error('checkpoint_version_conflict', { actual_version: 2 }),
    ]);
    expect(stale.headers.get('x-should-retry')).toBe('false');
    const again = await acme.put('steps', {}, { 'if-none-match': '*' });
    expect([again.status, again.json]).toEqual([
      412,
      error('checkpoint_version_conflict', { actual_version: 2 }),
    ]);
    const missing = await acme.put('nowhere', {}, { 'if-match': '"1"' });
    expect([missing.status, missing.json]).toEqual([
      412,
      error('checkpoint_version_conflict', { actual_version: 0 }),
    ]);
    const created = await acme.put('fresh', {}, { 'if-none-match': '*' });
    expect([created.status, created.headers.get('etag')]).toEqual([201, '"1"']);
    expect((await acme.put('steps', { next_step_index: 3 })).headers.get('etag')).toBe('"3"');
  });

  it('take back what they gave, and it is the same document', async () => {
    const document = '{ "a" : 1.0, "status":"paused" ,"z":"\\u0000" }';
    await acme.put('echo', document);
    const first = await acme.get('echo');
    const echoed = await acme.put('echo', first.text, { 'if-match': '"1"' });
    expect(echoed.json).toMatchObject({ version: 2, content_hash: sha256(document) });
    expect((await acme.get('echo')).text).toContain(document.slice(1));
  });

  it('answer 304 to who has the version already', async () => {
    await acme.put('known', {});
    const same = await acme.get('known', { 'if-none-match': '"1"' });
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', '"1"']);
    await acme.put('known', {});
    expect((await acme.get('known', { 'if-none-match': '"1"' })).status).toBe(200);
  });

  it('give versions that are kept', async () => {
    for (let n = 1; n <= 5; n += 1) await acme.put('history', { n });
    const versions = await Promise.all(
      [2, 3, 4, 5, 6].map(async (version) => {
        const { status, json, headers } = await acme.get(`history?version=${version}`);
        return [status, headers.get('etag'), (json as { n?: number }).n];
      }),
    );
    expect(versions).toEqual([
      [404, null, undefined],
      [200, '"3"', 3],
      [200, '"4"', 4],
      [200, '"5"', 5],
      [404, null, undefined],
    ]);
  });

  it('delete a run for good, and begin it anew when asked to', async () => {
    await acme.put('gone', {});
    const stale = await acme.delete('gone', { 'if-match': '"2"' });
    expect([stale.status, stale.json]).toEqual([
      412,
      error('checkpoint_version_conflict', { actual_version: 1 }),
    ]);
    const deleted = await acme.delete('gone', { 'if-match': '"1"' });
    expect([deleted.status, deleted.text, deleted.headers.get('etag')]).toEqual([204, '', '"1"']);
    expect((await acme.delete('gone')).status).toBe(204);
    const read = await acme.get('gone');
    expect([read.status, read.json]).toEqual([404, error('checkpoint_not_found')]);
    const late = await acme.put('gone', {}, { 'if-match': '"1"' });
    expect([late.status, late.json]).toEqual([409, error('run_deleted', { actual_version: 1 })]);
    const anew = await acme.put('gone?recreate=true', {}, { 'if-none-match': '*' });
    expect([anew.status, anew.headers.get('etag')]).toEqual([201, '"2"']);
    expect((await acme.delete('never')).status).toBe(404);
  });

  it('list runs with everything but their documents', async () => {
    await acme.put('listed', { agent_id: 'lister', workflow_id: 'wf', status: 'failed', next_step_index: 4 });
    await acme.put('listed-too', { agent_id: 'lister' });
    const page = await acme.list('?agent_id=lister&limit=1');
    expect(page.json).toMatchObject({ object: 'list', data: [{ run_id: 'listed-too' }] });
    const { next_cursor: cursor } = page.json as { next_cursor: string };
    const rest = await acme.list(`?agent_id=lister&limit=1&cursor=${cursor}`);
    expect(rest.json).toEqual({
      object: 'list',
      data: [
        {
          run_id: 'listed',
          version: 1,
          created_at: expect.stringMatching(TIME),
          updated_at: expect.stringMatching(TIME),
          content_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          status: 'failed',
          agent_id: 'lister',
          workflow_id: 'wf',
          next_step_index: 4,
          document_bytes: 78,
          source: 'live',
        },
      ],
      next_cursor: null,
    });
    expect((await acme.list('?status=failed&created_after=2999-01-01T00:00:00Z')).json).toMatchObject({
      data: [],
    });
  });

  it('know no runs of other tenants', async () => {
    await acme.put('private', { secret: 1 });
    const read = await globex.get('private');
    expect([read.status, read.json]).toEqual([404, error('checkpoint_not_found')]);
    expect((await globex.delete('private')).status).toBe(404);
    expect((await globex.list()).json).toEqual({ object: 'list', data: [], next_cursor: null });
    expect((await globex.put('private', {}, { 'if-none-match': '*' })).status).toBe(201);
    expect((await acme.get('private')).json).toMatchObject({ version: 1, secret: 1 });
  });

  it("let a key of an agent write that agent's runs alone, and name the agent for it", async () => {
    const denied = (param: string | null): object =>
      error('agent_not_allowed', { type: 'permission_error', param });
    await planner.put('bound', { a: 1 });
    expect((await acme.get('bound')).text).toMatch(/,"a":1,"agent_id":"planner"}$/);
    const other = await planner.put('bound', { agent_id: 'writer' });
    expect([other.status, other.json]).toEqual([403, denied('agent_id')]);
    const nobody = await planner.put('bound', { agent_id: null });
    expect([nobody.status, nobody.json]).toEqual([403, denied('agent_id')]);
    const header = await planner.put('bound', {}, { 'x-agent-id': 'writer' });
    expect([header.status, header.json]).toEqual([403, denied('x-agent-id')]);
    await acme.put('unbound', {}, { 'x-agent-id': 'writer' });
    expect((await acme.get('unbound')).json).toMatchObject({ agent_id: 'writer', version: 1 });
    const taken = await planner.put('unbound', {});
    expect([taken.status, taken.json]).toEqual([403, denied(null)]);
    expect((await planner.delete('unbound')).status).toBe(403);
    expect((await planner.get('unbound')).json).toMatchObject({ version: 1 });
    expect((await planner.delete('bound')).status).toBe(204);
  });

  it('let exactly one of many concurrent writers write a version', async () => {
    await acme.put('race', {});
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => acme.put('race', { n }, { 'if-match': '"1"' })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(49).fill(412)]);
    expect((await acme.get('race')).headers.get('etag')).toBe('"2"');
  });

  it('keep a checkpoint of many megabytes, compressed elsewhere than on the main thread', async () => {
    const document = {
      step_outputs: Array.from({ length: 150_000 }, (_, n) => `line ${n} of a long output`),
    };
    const text = JSON.stringify(document);
    expect((await acme.put('large', text)).status).toBe(201);
    expect((await acme.get('large')).text.endsWith(text.slice(1))).toBe(true);
  });

  it('refuse a run beyond the quota of the tenant', async () => {
    for (let n = 0; n < 40; n += 1) await globex.put(`q-${n}`, {});
    const { status, json, headers } = await globex.put('one-more', {});
    expect([status, headers.get('x-should-retry')]).toEqual([429, 'false']);
    expect(json).toEqual(
      error('checkpoint_quota_exceeded', {
        type: 'insufficient_quota',
        scope: 'checkpoints',
        limit: 40,
        used: 40,
      }),
    );
  });

  it('are counted by operation and outcome, without a tenant or a run', async () => {
    const text = await (await fetch(`${world.gateways[0]?.url}/metrics`)).text();
    expect(text).toMatch(/^tollgate_checkpoint_operations_total\{operation="put",outcome="ok"\} \d+$/m);
    expect(text).toMatch(/^tollgate_checkpoint_operations_total\{operation="delete",outcome="ok"\} \d+$/m);
    expect(text).toMatch(
      /^tollgate_checkpoint_operations_total\{operation="put",outcome="checkpoint_version_conflict"\} \d+$/m,
    );
    expect(text).toMatch(/^tollgate_checkpoint_reads_total\{from="live"\} \d+$/m);
    expect(text).toMatch(/^tollgate_checkpoint_seconds_count\{operation="list"\} \d+$/m);
    expect(text).not.toMatch(/history|private/);
  });
});
