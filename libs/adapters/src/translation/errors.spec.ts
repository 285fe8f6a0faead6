import { describe, expect, it } from '@jest/globals';
import { chatErrorToMessages, messagesErrorToChat } from './errors.js';

const messagesError = (type: string, message = 'No.'): object => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_1',
});
const chatError = (more: object): object => ({
  error: { message: 'No.', type: 'invalid_request_error', param: null, code: null, ...more },
});

describe('the translation of errors', () => {
  it.each([
    ['invalid_request_error', 400, 'invalid_request_error', 'upstream_refused'],
    ['authentication_error', 401, 'api_error', 'upstream_authentication_failed'],
    ['billing_error', 402, 'api_error', 'upstream_refused'],
    ['permission_error', 403, 'api_error', 'upstream_authentication_failed'],
    ['not_found_error', 404, 'invalid_request_error', 'model_not_found'],
    ['conflict_error', 409, 'invalid_request_error', 'upstream_refused'],
    ['request_too_large', 413, 'invalid_request_error', 'upstream_refused'],
    ['rate_limit_error', 429, 'rate_limit_error', 'upstream_rate_limited'],
    ['api_error', 500, 'api_error', 'upstream_error'],
    ['timeout_error', 504, 'api_error', 'upstream_timeout'],
    ['overloaded_error', 529, 'api_error', 'upstream_error'],
  ])("says Anthropic's %s with status %d as %s, %s", (type, status, chatType, code) => {
    const expected = { error: { message: 'No.', type: chatType, param: null, code } };
    expect(messagesErrorToChat(messagesError(type), status)).toStrictEqual(expected);
    expect(messagesErrorToChat(messagesError('an_error_of_the_future'), status)).toStrictEqual(expected);
    expect(messagesErrorToChat(messagesError(type))).toStrictEqual(expected);
  });

  it('gives a prompt that is too long the code that OpenAI clients look for', () => {
    const error = messagesError('invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum');
    expect(messagesErrorToChat(error, 400)).toStrictEqual({
      error: {
        message: 'prompt is too long: 9 tokens > 8 maximum',
        type: 'invalid_request_error',
        param: null,
        code: 'context_length_exceeded',
      },
    });
  });

  it.each([
    [400, {}, 'invalid_request_error'],
    [401, { code: 'invalid_api_key' }, 'authentication_error'],
    [402, {}, 'billing_error'],
    [403, {}, 'permission_error'],
    [404, { code: 'model_not_found' }, 'not_found_error'],
    [408, {}, 'timeout_error'],
    [409, {}, 'conflict_error'],
    [413, {}, 'request_too_large'],
    [422, {}, 'invalid_request_error'],
    [429, { type: 'requests', code: 'rate_limit_exceeded' }, 'rate_limit_error'],
    [429, { type: 'insufficient_quota', code: 'insufficient_quota' }, 'billing_error'],
    [500, { type: 'server_error' }, 'api_error'],
    [503, { type: 'server_error' }, 'overloaded_error'],
    [504, {}, 'timeout_error'],
    [undefined, {}, 'invalid_request_error'],
    [undefined, { type: 'server_error' }, 'api_error'],
    [undefined, { type: 'tokens', code: 'rate_limit_exceeded' }, 'rate_limit_error'],
  ])("says OpenAI's status %p with %j as %s", (status, more, type) => {
    const { code } = more as { code?: string };
    expect(chatErrorToMessages(chatError(more), status)).toStrictEqual({
      type: 'error',
      error: { type, message: 'No.', ...(code && { code }) },
      request_id: null,
    });
  });

  it('keeps the parameter that OpenAI names', () => {
    expect(
      chatErrorToMessages(chatError({ param: 'temperature', code: 'unsupported_value' }), 400),
    ).toStrictEqual({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'No.',
        code: 'unsupported_value',
        param: 'temperature',
      },
      request_id: null,
    });
  });

  it.each([[undefined], ['<html>'], [null], [{}], [{ error: 'no' }], [{ error: { message: 5, type: {} } }]])(
    'makes an error of something that is none: %j',
    (body) => {
      const message = 'The model provider gave no reason.';
      expect(messagesErrorToChat(body, 500)).toStrictEqual({
        error: { message, type: 'api_error', param: null, code: 'upstream_error' },
      });
      expect(chatErrorToMessages(body, 500)).toStrictEqual({
        type: 'error',
        error: { type: 'api_error', message },
        request_id: null,
      });
    },
  );
});
