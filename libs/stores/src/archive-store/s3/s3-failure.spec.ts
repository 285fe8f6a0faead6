import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { s3Failure } from './s3-failure.js';

/** An error as the SDK throws it for an answer. */
function answered(status: number, name: string, headers: Record<string, string> = {}): Error {
  const answer = { $metadata: { httpStatusCode: status, requestId: 'r-1' }, $response: { headers } };
  return Object.assign(new Error('quotes the access key'), answer, {
    name,
    AWSAccessKeyId: 'the-access-key',
  });
}

describe('a failure of S3', () => {
  it.each([
    [401, 'Unauthorized', 'denied'],
    [403, 'AccessDenied', 'denied'],
    [403, 'ObjectLockedByBucketPolicy', 'refused'],
    [404, 'NoSuchKey', 'missing'],
    [404, 'NoSuchBucket', 'refused'],
    [404, 'NotFound', 'refused'],
    [400, 'BadDigest', 'unavailable'],
    [400, 'IncompleteBody', 'unavailable'],
    [400, 'EntityTooLarge', 'refused'],
    [409, 'ConditionalRequestConflict', 'unavailable'],
    [416, 'InvalidRange', 'corrupt'],
    [429, 'TooManyRequests', 'unavailable'],
    [500, 'InternalError', 'unavailable'],
    [501, 'NotImplemented', 'refused'],
    [503, 'SlowDown', 'unavailable'],
    [507, 'XMinioStorageFull', 'full'],
    [301, 'PermanentRedirect', 'refused'],
  ])('%i %s is %s', (status, code, reason) => {
    expect(s3Failure(answered(status, code))).toMatchObject({
      reason,
      message: `The archive answered ${status} (${code}).`,
      cause: new Error('S3 request r-1'),
    });
  });

  it('keeps what the archive asks to wait, when it is a number of seconds', () => {
    const waitOf = (header: string): number | undefined =>
      s3Failure(answered(503, 'SlowDown', { 'retry-after': header })).retryAfterMs;
    expect(['0', '7', '-1', '1.5', 'Mon, 23 Nov 2026 00:00:00 GMT', ''].map(waitOf)).toEqual([
      0,
      7000,
      ...Array.from({ length: 4 }, () => undefined),
    ]);
  });

  it('quotes nothing that the archive or the network said', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:9000'), {
      code: 'ECONNREFUSED',
      address: '10.0.0.7',
    });
    const told = inspect([s3Failure(refused), s3Failure(answered(403, 'a secret in place of a code'))], {
      depth: 10,
      showHidden: true,
    });
    expect(told).toContain('ECONNREFUSED');
    for (const secret of ['10.0.0.7', 'the-access-key', 'quotes', 'a secret'])
      expect(told).not.toContain(secret);
  });
});
