import { describe, expect, it } from '@jest/globals';
import { parseCountTokensRequest, parseMessagesRequest } from './messages-request.js';

const ASK = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
const DEFAULT_HEADERS = { 'anthropic-version': '2023-06-01' };

describe('parseMessagesRequest', () => {
  const parse = (more: object, headers = {}): unknown =>
    parseMessagesRequest(bytesOf({ ...ASK, ...more }), headers);

  it('reads what Tollgate must understand, and leaves the bytes alone', () => {
    const body = { ...ASK, stream: true, brand_new: [1, 'ü'] };
    expect(parseMessagesRequest(bytesOf(body), {})).toEqual({
      wire: 'messages',
      bytes: bytesOf(body),
      body,
      model: 'claude-haiku-4-5',
      stream: true,
      wantsUsage: true,
      outputCap: 100,
      choices: 1,
      headers: DEFAULT_HEADERS,
    });
  });

  it('passes the version and the beta features on that the client asks for, and no other header', () => {
    const headers = {
      'anthropic-version': '2024-01-01',
      'anthropic-beta': 'a-1,b-2',
      'x-api-key': 'tg_secret',
    };
    expect(parse({}, headers)).toMatchObject({
      headers: { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a-1,b-2' },
    });
    expect(parse({}, headers)).not.toHaveProperty('headers.x-api-key');
  });

  it.each(['a\nb', 'ä', '', 'x'.repeat(1001)])('refuses a beta header that could do harm: %j', (beta) => {
    expect(() => parse({}, { 'anthropic-beta': beta })).toThrow(
      expect.objectContaining({ code: 'invalid_header', param: 'anthropic-beta' }),
    );
  });

  it.each([
    [{ model: undefined }, 'model'],
    [{ model: '' }, 'model'],
    [{ model: 5 }, 'model'],
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ max_tokens: '10' }, 'max_tokens'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: ['Hi'] }, 'messages.0'],
    [{ stream: 'yes' }, 'stream'],
    [{ tools: {} }, 'tools'],
    [{ tools: [5] }, 'tools.0'],
    [{ service_tier: 'priority' }, 'service_tier'],
  ])('refuses %j and names the parameter', (more, param) => {
    expect(() => parse(more)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it('refuses what is no JSON object', () => {
    for (const text of ['', '{', '[]', 'null'])
      expect(() => parseMessagesRequest(Buffer.from(text), {})).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^invalid_(json|request)$/) }),
      );
  });

  it.each([
    [{ mcp_servers: [{ url: 'https://mcp.test' }] }, 'mcp_servers'],
    [{ container: 'c_1' }, 'container'],
    [{ inference_geo: 'us' }, 'inference_geo'],
    [{ speed: 'fast' }, 'speed'],
    [{ thread: { type: 'continue', previous_message_id: 'msg_1' } }, 'thread'],
    [{ fallbacks: 'default' }, 'fallbacks'],
    [{ fallback_credit_token: 'token' }, 'fallback_credit_token'],
    [{ billing_policy: { type: 'user_profile' } }, 'billing_policy'],
    [{ context_management: { edits: [{ type: 'compact_20260112' }] } }, 'context_management'],
    [
      {
        tools: [
          { name: 'f', input_schema: {} },
          { type: 'web_search_20250305', name: 'w' },
        ],
      },
      'tools.1',
    ],
    [{ tools: [{ type: 'code_execution_20250825', name: 'c' }] }, 'tools.0'],
    [{ tools: [{ type: 5, name: 'c' }] }, 'tools.0'],
    [{ cache_control: { type: 'ephemeral', ttl: '1h' } }, 'cache_control.ttl'],
    [
      { system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      'cache_control.ttl',
    ],
  ])('refuses %j, whose cost no bound would cover', (more, param) => {
    expect(() => parse(more)).toThrow(expect.objectContaining({ code: 'parameter_not_supported', param }));
  });

  it.each([
    { tools: [{ name: 'f', input_schema: {} }] },
    { tools: [{ type: 'custom', name: 'f', input_schema: {} }] },
    {
      tools: [
        { type: 'bash_20250124', name: 'bash' },
        { type: 'computer_20250124', name: 'computer' },
      ],
    },
    { mcp_servers: null, container: null, thread: null },
    { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
    { system: [{ type: 'text', text: 'ttl "1h"', cache_control: { type: 'ephemeral', ttl: '5m' } }] },
    { messages: [{ role: 'user', content: 'Is "1h" an hour?' }] },
  ])('takes %j', (more) => {
    expect(parse(more)).toMatchObject({ model: ASK.model });
  });
});

describe('parseCountTokensRequest', () => {
  it('needs no cap, and asks for no answer that could cost', () => {
    const { model, messages } = ASK;
    expect(parseCountTokensRequest(bytesOf({ model, messages }), {})).toEqual({
      wire: 'count-tokens',
      bytes: bytesOf({ model, messages }),
      body: { model, messages },
      model,
      stream: false,
      wantsUsage: false,
      outputCap: undefined,
      choices: 0,
      headers: DEFAULT_HEADERS,
    });
  });

  it('refuses a request without messages', () => {
    expect(() => parseCountTokensRequest(bytesOf({ model: ASK.model }), {})).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'messages' }),
    );
  });
});
