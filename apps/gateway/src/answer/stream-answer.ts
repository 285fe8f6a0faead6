import type { ServerResponse } from 'node:http';
import { TollgateError } from '@tollgate/domain';
import type { UpstreamAttempts } from '../call/attempts/upstream-attempts.js';
import type { OpenCall } from '../call/open-call.js';
import type { River } from '../call/river.js';
import { answerHeaders } from './answer-headers.js';
import { ClientStream } from './client-stream.js';
import { answerFailure } from './failed-answer.js';

/** Streams an answer; an error after the first byte becomes a last event. A client that hangs up ends the upstream call. */
export async function answerStream(
  river: River,
  attempts: UpstreamAttempts,
  call: OpenCall,
  response: ServerResponse,
  keepAliveMs: number,
): Promise<void> {
  const { requestId, route } = call.facts;
  const onClose = (): void => {
    if (!response.writableEnded) call.abort('client-gone');
  };
  response.on('close', onClose);
  if (response.destroyed) onClose();
  const client = new ClientStream(call, response, keepAliveMs);
  const outcome = await attempts.run(
    call,
    ({ adapter }, model) => adapter.stream(model, client),
    () => client.hasEvents,
  );
  if (!client.hasHead) {
    client.abandon();
    const measured = await river.leave(call, outcome);
    return answerFailure(outcome, answerHeaders(call, measured), requestId, route.errors, response);
  }
  const error =
    outcome.status === 'failed' && !outcome.isErrorSent
      ? (outcome.error ?? new TollgateError('internal_error', 'The stream broke off.'))
      : undefined;
  client.end(error && route.errors.event(route.errors.answer(error, requestId).body));
  river.awaitDelivery(response);
  await river.leave(call, outcome);
}
