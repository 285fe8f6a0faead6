import type { FastifyReply } from 'fastify';
import { answerHeaders } from '../call/answer-headers.js';
import type { OpenCall } from '../call/open-call.js';
import type { River } from '../call/river.js';
import { answerFailure } from './failed-answer.js';

/**
 * Answers in one piece, with the cost in the headers. A client that hangs up does not end the upstream call: the
 * model provider would bill all of it anyway, and only its answer says how much that is.
 */
export async function answerPlain(river: River, call: OpenCall, reply: FastifyReply): Promise<void> {
  const { resolved, request, requestId, bound } = call.facts;
  call.upstreamAtMs = performance.now();
  const completion = await resolved.adapter.complete({
    requestId,
    model: resolved.model,
    request,
    outputCap: bound.outputCap,
    cancellation: call.cancellation,
  });
  const measured = await river.leave(call, completion);
  const headers = answerHeaders(call, measured);
  if (!completion.body) return answerFailure(completion, headers, requestId, reply);
  // Past Fastify: its serialisation and hooks have nothing to do here.
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'application/json',
    'content-length': completion.body.length,
    ...headers,
  });
  reply.raw.end(completion.body);
  river.awaitDelivery(reply.raw);
}
