import type { ServerResponse } from 'node:http';
import type { UpstreamAttempts } from '../call/attempts/upstream-attempts.js';
import type { OpenCall } from '../call/open-call.js';
import type { River } from '../call/river.js';
import { answerHeaders } from './answer-headers.js';
import { answerFailure } from './failed-answer.js';

/**
 * Answers in one piece, with the cost in the headers. A client that hangs up does not end the upstream call: the
 * model provider would bill all of it anyway, and only its answer says how much that is.
 */
export async function answerPlain(
  river: River,
  attempts: UpstreamAttempts,
  call: OpenCall,
  response: ServerResponse,
): Promise<void> {
  const { requestId, route } = call.facts;
  const completion = await attempts.run(call, ({ adapter }, model) => adapter.complete(model), neverStarted);
  const measured = await river.leave(call, completion);
  const headers = answerHeaders(call, measured);
  if (!completion.body) return answerFailure(completion, headers, requestId, route.errors, response);
  headers['content-type'] = 'application/json';
  headers['content-length'] = String(completion.body.length);
  response.writeHead(200, headers);
  response.end(completion.body);
  river.awaitDelivery(response);
}

const neverStarted = (): boolean => false;
