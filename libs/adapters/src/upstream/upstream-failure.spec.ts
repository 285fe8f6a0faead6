import { describe, expect, it } from '@jest/globals';
import { TollgateError } from '@tollgate/domain';
import { brokenOff, CallAbortedError, refused } from './upstream-failure.js';

const COUNTED = { kind: 'counted', text: 'Hello' } as const;
const coded = (code: string): Error => Object.assign(new Error('secret prompt'), { code });

describe('an exchange that broke off', () => {
  it.each([
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream_timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'upstream_timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'upstream_timeout'],
    ['ETIMEDOUT', 'upstream_timeout'],
    ['ECONNREFUSED', 'upstream_error'],
    ['ECONNRESET', 'upstream_error'],
    ['UND_ERR_SOCKET', 'upstream_error'],
    ['HPE_INVALID_CONSTANT', 'upstream_error'],
  ])('by %s failed with %s', (code, expected) => {
    const error = coded(code);
    const outcome = brokenOff({ error, sent: true }, COUNTED);
    expect(outcome).toMatchObject({ status: 'failed', billing: COUNTED, error: { code: expected } });
    expect(outcome.error?.cause).toBe(error);
    expect(outcome.error?.message).not.toContain('secret');
  });

  it('keeps the error of a reader that could not use what came', () => {
    const error = new TollgateError('upstream_invalid_response', 'Too large.');
    expect(brokenOff({ error, sent: true }, COUNTED).error).toBe(error);
  });

  it('was aborted, not failed, when the client has gone', () => {
    const error = new CallAbortedError('client-gone');
    expect(brokenOff({ error, sent: true }, COUNTED)).toEqual({ status: 'aborted', billing: COUNTED });
  });

  it.each([
    ['timeout', 'upstream_timeout', undefined],
    ['shutdown', 'draining', 1000],
  ] as const)('by a %s of the gateway failed with %s', (reason, code, retryAfterMs) => {
    expect(brokenOff({ error: new CallAbortedError(reason), sent: true }, COUNTED)).toMatchObject({
      status: 'failed',
      error: { code, retryAfterMs },
    });
  });

  it('costs nothing when the request was never sent', () => {
    expect(brokenOff({ error: coded('ECONNREFUSED'), sent: false }, COUNTED).billing).toEqual({
      kind: 'none',
    });
  });
});

describe('an answer with an error status', () => {
  it.each([
    [302, 'upstream_error'],
    [400, 'upstream_refused'],
    [401, 'upstream_authentication_failed'],
    [403, 'upstream_authentication_failed'],
    [404, 'upstream_refused'],
    [408, 'upstream_error'],
    [429, 'upstream_rate_limited'],
    [499, 'upstream_refused'],
    [500, 'upstream_error'],
    [599, 'upstream_error'],
  ])('%i is %s and costs nothing', (status, code) => {
    const outcome = refused(status, Buffer.from('body'), undefined);
    expect(outcome).toMatchObject({ status: 'failed', billing: { kind: 'none' }, error: { code } });
    const expected = code === 'upstream_refused' ? { status, body: Buffer.from('body') } : undefined;
    expect(outcome.refusal).toEqual(expected);
  });

  it.each([
    ['20', 20_000],
    ['0.5', 500],
    ['0', 1000],
    ['', 1000],
    ['-5', 1000],
    ['Infinity', 1000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 1000],
    [undefined, 1000],
  ])('429 with retry-after %j is for %i ms', (retryAfter, retryAfterMs) => {
    expect(refused(429, Buffer.alloc(0), retryAfter).error?.retryAfterMs).toBe(retryAfterMs);
  });
});
