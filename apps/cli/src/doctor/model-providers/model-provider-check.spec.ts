import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '@tollgate/dev-services';
import { runChecks } from '../check.js';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { sendJson, startScriptedServer, type ScriptedServer } from '../testing/scripted-server.js';
import type { NamedByTenants } from '../tenants/tenant-models.js';
import { anthropicList } from './anthropic-list.js';
import { ModelProviderCheck } from './model-provider-check.js';
import type { ModelProviderAccess, ModelProviderList } from './model-provider.js';
import { openaiList } from './openai-list.js';

const KEY = 'sk-s3cret';

interface Wire {
  readonly name: string;
  readonly list: (access: ModelProviderAccess) => ModelProviderList;
  readonly basePath: string;
  readonly listBody: (ids: readonly string[]) => unknown;
  readonly errorBody: (message: string) => unknown;
  readonly variables: readonly [key: string, url: string];
}

const WIRES: readonly Wire[] = [
  {
    name: 'openai',
    list: openaiList,
    basePath: '/v1',
    listBody: (ids) => ({
      object: 'list',
      data: ids.map((id) => ({ id, object: 'model', created: 1_735_689_600, owned_by: 'system' })),
    }),
    errorBody: (message) => ({
      error: { message, type: 'invalid_request_error', param: null, code: 'some_code' },
    }),
    variables: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  },
  {
    name: 'anthropic',
    list: anthropicList,
    basePath: '',
    listBody: (ids) => ({
      data: ids.map((id) => ({ id, type: 'model', display_name: id, created_at: '2026-01-01T00:00:00Z' })),
      has_more: false,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    }),
    errorBody: (message) => ({
      type: 'error',
      error: { type: 'api_error', message },
      request_id: 'req_1',
    }),
    variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'],
  },
];

describe.each(WIRES)('ModelProviderCheck on the wire of $name', (wire) => {
  let server: ScriptedServer | undefined;
  const noNames = async (): Promise<NamedByTenants> => new Map();

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function checkAgainst(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    named = noNames,
  ): Promise<ModelProviderCheck> {
    server = await startScriptedServer(answer);
    const access = { apiKey: KEY, baseUrl: `${server.url}${wire.basePath}` };
    return new ModelProviderCheck(wire.list(access), named);
  }
  const refusedWith = async (status: number): Promise<readonly Finding[]> =>
    findingsOf(
      await checkAgainst((_, response) => sendJson(response, status, wire.errorBody(`no ${KEY} here`))),
    );

  it('asks for the list once, with the key, and finds it in order', async () => {
    const check = await checkAgainst((_, response) => sendJson(response, 200, wire.listBody(['m-1', 'm-2'])));
    expect(await findingsOf(check)).toEqual([{ level: 'ok', what: 'The key works; it can see 2 model(s).' }]);
    expect(server?.requests.map((request) => [request.method, request.url?.split('?')[0]])).toEqual([
      ['GET', '/v1/models'],
    ]);
    expect(server?.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`]);
  });

  it('names the models of tenants that the key cannot see under any name', async () => {
    const named = async (): Promise<NamedByTenants> =>
      new Map([
        [
          wire.name,
          new Map([
            ['m-1', ['acme']],
            ['m-latest', ['acme']],
            ['m-hidden', ['acme', 'b', 'c', 'd', 'e']],
          ]),
        ],
        ['others', new Map([['m-theirs', ['acme']]])],
      ]);
    const check = await checkAgainst((request, response) => {
      const { url = '' } = request;
      if (url.includes('m-hidden')) sendJson(response, 404, wire.errorBody('not found'));
      else if (url.includes('m-latest')) sendJson(response, 200, { id: 'm-1' });
      else sendJson(response, 200, wire.listBody(['m-1']));
    }, named);
    expect(await findingsOf(check)).toEqual([
      { level: 'ok', what: 'The key works; it can see 1 model(s).' },
      {
        level: 'warning',
        what: 'The key cannot see the model m-hidden, which the settings of acme, b, c and 2 more name.',
        why: 'Calls of this model are refused upstream, or go to the fallback model.',
        remedy: 'Give the key access to it, or name another model.',
      },
    ]);
  });

  it('finds a key that is refused, and repeats nothing of the answer', async () => {
    expect(await refusedWith(401)).toEqual([
      {
        level: 'error',
        what: 'The key is refused (401).',
        why: `No call of a model of ${wire.name} can succeed.`,
        remedy: `Replace the key in ${wire.variables[0]}.`,
      },
    ]);
    expect(server?.requests).toHaveLength(1);
  });

  it.each([
    [403, `Look at the rights of the key in ${wire.variables[0]}; calls may work all the same.`],
    [404, `Correct ${wire.variables[1]}, unless this endpoint has no list of models.`],
    [429, 'Look at the rate limit and the credit of the account.'],
    [500, 'Try again later, and look at the status page of the model provider.'],
  ])('does not know of the key after %i, and does not try again', async (status, remedy) => {
    expect(await refusedWith(status)).toEqual([
      {
        level: 'warning',
        what: `The list of models was answered with ${status}.`,
        why: 'Whether the key works is not known.',
        remedy,
      },
    ]);
    expect(server?.requests).toHaveLength(1);
  });

  it('does not carry the key along a redirect', async () => {
    const elsewhere = await startScriptedServer((_, response) => sendJson(response, 200, wire.listBody([])));
    const check = await checkAgainst((_, response) =>
      response.writeHead(302, { location: `${elsewhere.url}/v1/models` }).end(),
    );
    expect((await findingsOf(check)).map(({ level }) => level)).toEqual(['error']);
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  it('gives up on one that does not answer, and lets go of it', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();
    const check = await checkAgainst((request) => request.once('close', () => close(undefined)));
    const [report] = await runChecks([check], 300);
    expect(report?.findings.map(({ what }) => what)).toEqual(['No answer within 0.3 s.']);
    await closed;
  });

  it('names the variable of an address where nobody is', async () => {
    const baseUrl = `http://127.0.0.1:${await findFreePort()}${wire.basePath}`;
    const check = new ModelProviderCheck(wire.list({ apiKey: KEY, baseUrl }), noNames);
    expect(await findingsOf(check)).toEqual([
      {
        level: 'error',
        what: `${wire.name} cannot be used (ECONNREFUSED).`,
        why: `No call of a model of ${wire.name} can succeed.`,
        remedy: `Start it, or correct host and port: ${wire.variables[1]}.`,
      },
    ]);
  });
});
