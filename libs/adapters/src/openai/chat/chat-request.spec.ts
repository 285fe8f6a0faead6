import { describe, expect, it } from '@jest/globals';
import type { ModelRequest } from '../../model-request.js';
import { parseChatRequest } from './chat-request.js';

const MESSAGES = [{ role: 'user', content: 'Hello' }];
const parse = (more: object): ModelRequest =>
  parseChatRequest(Buffer.from(JSON.stringify({ model: 'm', messages: MESSAGES, ...more })));

describe('parseChatRequest', () => {
  it('reads the little that Tollgate must know, and keeps the bytes', () => {
    const bytes = Buffer.from('{"model":"m","messages":[{"role":"user","content":"Hello"}],"x":[1]}');
    expect(parseChatRequest(bytes)).toEqual({
      wire: 'chat',
      bytes,
      body: { model: 'm', messages: MESSAGES, x: [1] },
      model: 'm',
      stream: false,
      wantsUsage: false,
      outputCap: undefined,
      choices: 1,
      headers: {},
    });
  });

  it('takes null for a parameter that is not there', () => {
    const nulls = {
      stream: null,
      stream_options: null,
      max_tokens: null,
      max_completion_tokens: null,
      n: null,
    };
    expect(parse(nulls)).toMatchObject({
      stream: false,
      wantsUsage: false,
      outputCap: undefined,
      choices: 1,
    });
    expect(parse({ stream_options: { include_usage: null } }).wantsUsage).toBe(false);
    expect(parse({ web_search_options: null, service_tier: null }).model).toBe('m');
  });

  it.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 7 }, 7],
    [{ max_tokens: 5, max_completion_tokens: 7 }, 7],
    [{ max_tokens: 9, max_completion_tokens: 7 }, 9],
    [{ max_tokens: null, max_completion_tokens: 1_000_000_000 }, 1_000_000_000],
  ])('takes the larger of the caps: %j', (caps, outputCap) => {
    expect(parse(caps).outputCap).toBe(outputCap);
  });

  it('reads what a stream is asked for', () => {
    const request = parse({ stream: true, stream_options: { include_usage: true, other: 1 }, n: 128 });
    expect(request).toMatchObject({ stream: true, wantsUsage: true, choices: 128 });
  });

  it.each<[string, object]>([
    ['model', { model: undefined }],
    ['model', { model: '' }],
    ['model', { model: 'm'.repeat(201) }],
    ['model', { model: 5 }],
    ['messages', { messages: undefined }],
    ['messages', { messages: [] }],
    ['messages', { messages: 'secret' }],
    ['messages', { messages: ['secret'] }],
    ['messages', { messages: [null] }],
    ['messages', { messages: [[]] }],
    ['stream', { stream: 'secret' }],
    ['stream_options', { stream_options: [] }],
    ['stream_options.include_usage', { stream_options: { include_usage: 'secret' } }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_tokens', { max_tokens: -1 }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['max_tokens', { max_tokens: '5' }],
    ['max_completion_tokens', { max_completion_tokens: 1_000_000_001 }],
    ['n', { n: 0 }],
    ['n', { n: 129 }],
  ])('refuses a wrong %s and quotes no value: %j', (param, more) => {
    const refused = expect.objectContaining({
      code: 'invalid_request',
      param,
      message: expect.not.stringContaining('secret'),
    });
    expect(() => parse(more)).toThrow(refused);
  });

  it.each<[string, object]>([
    ['web_search_options', { web_search_options: {} }],
    ['service_tier', { service_tier: 'priority' }],
    ['service_tier', { service_tier: 1 }],
  ])('refuses %s, whose cost has no bound', (param, more) => {
    expect(() => parse(more)).toThrow(expect.objectContaining({ code: 'parameter_not_supported', param }));
  });

  it.each(['auto', 'default', 'flex'])('allows the service tier %s', (tier) => {
    expect(parse({ service_tier: tier }).body['service_tier']).toBe(tier);
  });
});
