import { describe, expect, it } from '@jest/globals';
import { TollgateError } from '@tollgate/domain';
import { errorFormatOf, openaiErrors, problemErrors } from './error-format.js';
import { formatProblem } from './problem-details.js';

describe('problem details', () => {
  it('say what is wrong, where, and by which code', () => {
    const error = new TollgateError('invalid_request', 'The body is not legal.', {
      violations: [{ path: 'id', problem: 'must be text' }],
      facts: { limit: 1 },
    });
    expect(formatProblem(error, 'r-1')).toEqual({
      status: 400,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'x-request-id': 'r-1',
        'x-should-retry': 'false',
      },
      body: {
        type: 'urn:tollgate:error:invalid_request',
        title: 'Bad Request',
        status: 400,
        detail: 'The body is not legal.',
        code: 'invalid_request',
        request_id: 'r-1',
        errors: [{ path: 'id', problem: 'must be text' }],
        limit: 1,
      },
    });
  });

  it('ask for a token where there was no good one', () => {
    const { status, headers } = formatProblem(new TollgateError('invalid_operator_token', 'No.'), 'r-1');
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('are for the admin API alone', () => {
    expect(errorFormatOf('/admin/v1/tenants')).toBe(problemErrors);
    expect(errorFormatOf('/administrator')).toBe(openaiErrors);
  });
});
