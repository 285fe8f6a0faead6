import { createHash } from 'node:crypto';
import { isRepeatable, type Operation } from '@tollgate/admin-contract';
import { TollgateError } from '@tollgate/domain';
import type { FastifyRequest } from 'fastify';
import type { Operator } from '../login/operator.js';
import { readIfMatch } from './etag.js';
import type { OperationCall } from './operation-call.js';
import { parsePart } from './violations.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

// A parameter that stands twice is no text, which its schema says.
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

function readBody(operation: Operation, body: unknown): unknown {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!operation.body) {
    if (bytes.length === 0) return undefined;
    throw new TollgateError('invalid_request', 'This request has no body.');
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new TollgateError('invalid_json', 'The body must be one JSON object in UTF-8.', { cause: error });
  }
  return parsePart(operation.body, value, 'body');
}

function readIdempotencyKey(operation: Operation, header: string | undefined): string | undefined {
  if (!isRepeatable(operation)) return undefined;
  if (header !== undefined && IDEMPOTENCY_KEY.test(header)) return header;
  throw new TollgateError(
    'idempotency_key_required',
    'Send an Idempotency-Key of 1 to 255 printable characters without blanks.',
    { param: 'idempotency-key' },
  );
}

function fingerprintOf({ method, url, headers, body }: FastifyRequest): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([method, url, headers['if-match'] ?? null]));
  return (Buffer.isBuffer(body) ? hash.update(body) : hash).digest();
}

/**
 * Checks a request for an operation.
 * @throws TollgateError `invalid_request`, `invalid_json`, `invalid_header`, `precondition_required`, `idempotency_key_required`
 */
export function readCall(operation: Operation, request: FastifyRequest, operator: Operator): OperationCall {
  const { headers } = request;
  return {
    operation,
    operator,
    params: parsePart(operation.params, request.params, 'path'),
    // Fastify makes an object without a prototype, which is no plain object to the schema.
    query: parsePart(operation.query, { ...(request.query as object) }, 'query'),
    body: readBody(operation, request.body),
    version: operation.changesEdition ? readIfMatch(textOf(headers['if-match'])) : 0,
    idempotencyKey: readIdempotencyKey(operation, textOf(headers['idempotency-key'])),
    fingerprint: fingerprintOf(request),
    requestId: request.id,
  };
}
