import type { CallOutcome } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import type { ErrorFormat } from '@tollgate/http';
import type { FastifyReply } from 'fastify';

function isErrorEnvelope(body: Buffer): boolean {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof (parsed as { error?: unknown } | null)?.error === 'object';
  } catch {
    return false; // HTML, say: then our own envelope is the answer.
  }
}

/** Answers a call that failed before its first byte; what the model provider said of a bad request is passed on. */
export function answerFailure(
  outcome: CallOutcome,
  headers: Readonly<Record<string, string>>,
  requestId: string,
  errors: ErrorFormat,
  reply: FastifyReply,
): void {
  const { refusal } = outcome;
  const error = outcome.error ?? new TollgateError('internal_error', 'The call ended without an answer.');
  const answer = errors.answer(error, requestId);
  const body = refusal && isErrorEnvelope(refusal.body) ? refusal.body : answer.body;
  void reply
    .status(refusal?.status ?? answer.status)
    .headers({ ...headers, ...answer.headers })
    .send(body);
}
