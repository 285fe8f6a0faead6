import { describe, expect, it } from '@jest/globals';
import { ERROR_CATALOGUE, type ErrorCode, type ErrorKind } from './catalogue.js';
import { TollgateError } from './tollgate-error.js';

const entries = Object.entries<ErrorKind>(ERROR_CATALOGUE) as [ErrorCode, ErrorKind][];
const TYPES: Readonly<Record<number, readonly ErrorKind['type'][]>> = {
  401: ['authentication_error'],
  403: ['permission_error'],
  429: ['rate_limit_error', 'insufficient_quota'],
};

describe('the error catalogue', () => {
  it.each(entries)('has a consistent entry for %s', (code, kind) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(kind.meaning).toMatch(/^[A-Z].*\.$/);
    const { status, type } = kind;
    expect(TYPES[status] ?? [status < 500 ? 'invalid_request_error' : 'api_error']).toContain(type);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });

  it('lets the same request be sent again just where that can help', () => {
    const notRetryable = entries.filter(([, { status, retryable }]) => status >= 500 && !retryable);
    expect(notRetryable.map(([code]) => code)).toEqual([
      'upstream_authentication_failed',
      'checkpoint_unreadable',
    ]);
    const retryable = entries.filter(([, { status, retryable: again }]) => status < 500 && again);
    expect(retryable.map(([code]) => code).sort()).toEqual([
      'rate_limit_exceeded',
      'request_timeout',
      'too_many_logins',
      'upstream_rate_limited',
    ]);
  });

  it("is quiet about the client's mistakes and loud about the operator's", () => {
    for (const [code, { status, logLevel }] of entries) {
      if (status < 500 && !code.startsWith('upstream')) expect(logLevel).toBe('info');
      if (status === 500) expect(logLevel).toBe('error');
      expect(logLevel).not.toBe('debug');
    }
  });
});

describe('TollgateError', () => {
  it('has the kind of its code, and nothing but what it was given', () => {
    const error = new TollgateError('model_not_found', 'No such model.');
    expect(error).toMatchObject({
      name: 'TollgateError',
      code: 'model_not_found',
      message: 'No such model.',
      kind: ERROR_CATALOGUE.model_not_found,
      param: undefined,
      retryAfterMs: undefined,
      facts: {},
      violations: [],
    });
    expect('cause' in error).toBe(false);
  });

  it('keeps its details, and its cause apart from them', () => {
    const cause = new Error('secret');
    const error = new TollgateError('rate_limit_exceeded', 'Too many.', {
      param: 'n',
      retryAfterMs: 5,
      facts: { limit: 1 },
      cause,
    });
    expect(error).toMatchObject({ param: 'n', retryAfterMs: 5, facts: { limit: 1 }, cause });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});
