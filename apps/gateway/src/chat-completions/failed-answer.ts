import type { CallOutcome } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import { formatOpenaiError } from '@tollgate/http';
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
  reply: FastifyReply,
): void {
  const { refusal } = outcome;
  const error = outcome.error ?? new TollgateError('internal_error', 'The call ended without an answer.');
  const answer = formatOpenaiError(error, requestId);
  if (refusal && isErrorEnvelope(refusal.body)) {
    void reply
      .status(refusal.status)
      .headers({ ...headers, ...answer.headers })
      .send(refusal.body);
    return;
  }
  void reply
    .status(refusal?.status ?? answer.status)
    .headers({ ...headers, ...answer.headers })
    .send(answer.body);
}
