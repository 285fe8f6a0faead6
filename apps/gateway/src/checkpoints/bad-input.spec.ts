import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckpointClient } from '../testing/checkpoint-client.js';
import { exchangeRaw } from '../testing/raw-http.js';
import { API_KEY, World, apiKeyOf } from '../testing/world.js';

const MIB = 1024 * 1024;
const refused = (status: number, code: string, param: string | null): object => ({
  status,
  json: { error: { message: expect.any(String), type: 'invalid_request_error', param, code } },
});
const stringOf = (bytes: number): string => `{"step_outputs":"${'x'.repeat(bytes - 19)}"}`;

describe('the checkpoint routes, given bad input', () => {
  let world: World;
  let acme: CheckpointClient;
  let url: string;
  beforeAll(async () => {
    world = await World.create({ gateways: 1, tenants: { globex: {} } });
    url = world.gateways[0]?.url ?? '';
    acme = new CheckpointClient(url, API_KEY);
    await acme.put('run', { kept: true });
  });
  afterAll(async () => {
    const { json, headers } = await acme.get('run');
    await world.close();
    expect([headers.get('etag'), json]).toMatchObject(['"1"', { kept: true }]);
  });

  it.each([
    ['nothing', '', 'invalid_json'],
    ['no JSON', '{"a":', 'invalid_json'],
    ['a list', '[]', 'invalid_json'],
    ['null', 'null', 'invalid_json'],
    ['two objects', '{}{}', 'invalid_json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'invalid_json'],
    ['a member twice', '{"a":1,"\\u0061":2}', 'invalid_request'],
  ])('refuse a body of %s', async (_, body, code) => {
    expect(await acme.put('run', body)).toMatchObject(refused(400, code, null));
  });

  it.each([
    ['{"status":"done"}', 'status'],
    ['{"next_step_index":"3"}', 'next_step_index'],
    ['{"workflow_id":7}', 'workflow_id'],
    ['{"metadata":"m"}', 'metadata'],
    ['{"ended_at":"now"}', 'ended_at'],
  ])('refuse a field that is not what it may be, and name it: %s', async (body, param) => {
    const answer = await acme.put('run', body);
    expect(answer).toMatchObject(refused(400, 'invalid_request', param));
    expect(answer.text).not.toMatch(/done|now|"m"/);
  });

  it('refuse a checkpoint of 17 MiB, and one byte more than 16, and take one of 16', async () => {
    for (const bytes of [17 * MIB, 16 * MIB + 1])
      expect(await acme.put('large', stringOf(bytes))).toMatchObject({
        status: 413,
        json: { error: { code: 'checkpoint_too_large', limit_bytes: 16 * MIB, document_bytes: bytes } },
      });
    expect(await acme.get('large')).toMatchObject(refused(404, 'checkpoint_not_found', null));
    expect((await acme.put('large', stringOf(16 * MIB))).status).toBe(201);
    expect((await acme.get('large')).text.length).toBe(16 * MIB + 191);
    expect((await acme.put('large', '{}')).status).toBe(200);
  });

  it('refuse a body beyond what the server takes at all', async () => {
    expect(await acme.put('run', stringOf(21 * MIB))).toMatchObject(refused(413, 'body_too_large', null));
  });

  it('refuse a body of another type', async () => {
    const answer = await acme.put('run', '{}', { 'content-type': 'text/plain' });
    expect(answer).toMatchObject(refused(415, 'unsupported_media_type', null));
  });

  it.each(['3', '"0"', 'W/"1"', '"1", "2"', '"9007199254740992"', '*', '"abc"'])(
    'refuse a condition that names no one version: If-Match: %s',
    async (tag) => {
      const answers = [
        await acme.put('run', '{}', { 'if-match': tag }),
        await acme.delete('run', { 'if-match': tag }),
      ];
      for (const answer of answers) expect(answer).toMatchObject(refused(400, 'invalid_header', 'if-match'));
    },
  );

  it('refuse a condition in the wrong place', async () => {
    const wrong = refused(400, 'invalid_header', 'if-none-match');
    expect(await acme.put('run', '{}', { 'if-none-match': '"1"' })).toMatchObject(wrong);
    expect(await acme.put('run', '{}', { 'if-none-match': '*', 'if-match': '"1"' })).toMatchObject(wrong);
    expect(await acme.get('run', { 'if-none-match': 'W/"1"' })).toMatchObject(wrong);
  });

  it('refuse If-Match for a version that is past or to come', async () => {
    for (const tag of ['"2"', '"9007199254740991"'])
      expect(await acme.put('run', '{}', { 'if-match': tag })).toMatchObject({
        status: 412,
        json: { error: { code: 'checkpoint_version_conflict', actual_version: 1 } },
      });
  });

  it.each([
    'a%2Fb',
    '%2e%2e%2Frun',
    'a%00',
    'a%0Ab',
    'a%20b',
    '%C3%A4',
    'a%252F',
    'r'.repeat(201),
    'r'.repeat(300),
    '%41'.repeat(300),
  ])('refuse a run id that is none: %s', async (id) => {
    const wrong = refused(400, 'invalid_request', 'run_id');
    expect(await acme.put(id, '{}')).toMatchObject(wrong);
    expect(await acme.get(id)).toMatchObject(wrong);
    expect(await acme.delete(id)).toMatchObject(wrong);
  });

  it.each([
    ['..', 400, 'invalid_request'],
    ['%2e%2E', 400, 'invalid_request'],
    ['%zz', 400, 'invalid_request'],
    ['a/b', 404, 'route_not_found'],
    ['../checkpoints', 404, 'route_not_found'],
  ])('refuse the path /v1/checkpoints/%s as it stands on the wire', async (path, status, code) => {
    const lines = [
      `GET /v1/checkpoints/${path} HTTP/1.1`,
      'host: gateway',
      `authorization: Bearer ${API_KEY}`,
      'connection: close',
    ];
    const answer = await exchangeRaw(url, `${lines.join('\r\n')}\r\n\r\n`);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  });

  it('know a run by its id, however the path encodes it', async () => {
    expect((await acme.get('r%75n')).status).toBe(200);
    expect((await acme.put('a'.repeat(200), {})).status).toBe(201);
    expect((await acme.get('%61'.repeat(200))).status).toBe(200);
  });

  it.each([
    ['run?version=0', 'version'],
    ['run?version=1.5', 'version'],
    ['run?version=9007199254740992', 'version'],
    ['run?version=1&version=1', 'version'],
    ['run?verison=1', 'verison'],
  ])('refuse a parameter that is not what it may be: GET %s', async (path, param) => {
    expect(await acme.get(path)).toMatchObject(refused(400, 'invalid_request', param));
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?limit=ten', 'limit'],
    ['?status=done', 'status'],
    ['?created_after=yesterday', 'created_after'],
    ['?cursor=x', 'cursor'],
    ['?cursor=WzEsMl0', 'cursor'],
    ['?agent=planner', 'agent'],
  ])('refuse a list of %s', async (query, param) => {
    expect(await acme.list(query)).toMatchObject(refused(400, 'invalid_request', param));
  });

  it('refuse ?recreate= of anything but true and false', async () => {
    const wrong = refused(400, 'invalid_request', 'recreate');
    expect(await acme.put('run?recreate=1', '{}')).toMatchObject(wrong);
  });

  it('refuse who has no key, and know no runs of another tenant', async () => {
    const nobody = new CheckpointClient(url, 'tg_abcdefghijkl_wrong');
    expect((await nobody.get('run')).json).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect((await nobody.put('run', '{"status":"done"}')).status).toBe(401);
    const globex = new CheckpointClient(url, apiKeyOf('globex'));
    expect(await globex.get('run')).toMatchObject(refused(404, 'checkpoint_not_found', null));
    expect((await globex.put('run', {}, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('refuse other methods', async () => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/checkpoints`, { method: 'POST', headers, body: '{}' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
