import type { ServerResponse } from 'node:http';
import type { CallOutcome } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import { toTollgateError, type ErrorFormat, type ErrorListener } from '@tollgate/http';

function isErrorEnvelope(body: Buffer): boolean {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof (parsed as { error?: unknown } | null)?.error === 'object';
  } catch {
    return false; // HTML, say: then our own envelope is the answer.
  }
}

/** Answers with a whole body, or with none. */
export function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string | undefined,
): void {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

const toBytes = (body: object): Buffer => Buffer.from(JSON.stringify(body));

/** Answers a call that failed before its first byte; what the model provider said of a bad request is passed on. */
export function answerFailure(
  outcome: CallOutcome,
  headers: Readonly<Record<string, string>>,
  requestId: string,
  errors: ErrorFormat,
  response: ServerResponse,
): void {
  const { refusal } = outcome;
  const error = outcome.error ?? new TollgateError('internal_error', 'The call ended without an answer.');
  const answer = errors.answer(error, requestId);
  const body = refusal && isErrorEnvelope(refusal.body) ? refusal.body : toBytes(answer.body);
  send(response, refusal?.status ?? answer.status, { ...headers, ...answer.headers }, body);
}

/** Tells of what was thrown, and answers it; a call whose answer has begun can only be cut. */
export function answerThrown(
  thrown: unknown,
  requestId: string,
  errors: ErrorFormat,
  response: ServerResponse,
  onRefused: ErrorListener,
): void {
  const error = toTollgateError(thrown);
  onRefused(error, requestId);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, headers, body } = errors.answer(error, requestId);
  send(response, status, headers, toBytes(body));
}
