import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorListener } from '@tollgate/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UpstreamAttempts } from '../call/attempts/upstream-attempts.js';
import type { ModelRoute } from '../call/model-route.js';
import type { River } from '../call/river.js';
import { answerThrown } from './failed-answer.js';
import { answerPlain } from './plain-answer.js';
import { answerStream } from './stream-answer.js';

/** What answering model calls needs. */
export interface ModelCallsOptions {
  readonly river: River;
  readonly attempts: UpstreamAttempts;
  /** How long a stream may be silent before its first event. */
  readonly keepAliveMs: number;
  readonly onRefused: ErrorListener;
}

/** Answers model calls of any route: no route has a way of its own past the river. */
export class ModelCalls {
  constructor(private readonly options: ModelCallsOptions) {}

  /** Answers a request that Nest has routed and read. */
  serve(route: ModelRoute, { raw, id, body }: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack();
    return this.answer(route, raw, id, Buffer.isBuffer(body) ? body : Buffer.alloc(0), reply.raw);
  }

  /** Writes the whole answer, an error in the route's own form included; never throws. */
  async answer(
    route: ModelRoute,
    request: IncomingMessage,
    requestId: string,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    try {
      await this.#answer(route, request, requestId, body, response);
    } catch (thrown) {
      answerThrown(thrown, requestId, route.errors, response, this.options.onRefused);
    }
  }

  async #answer(
    route: ModelRoute,
    request: IncomingMessage,
    requestId: string,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const { river, attempts, keepAliveMs } = this.options;
    const call = await river.enter(route, request, requestId, body);
    try {
      await (call.facts.request.stream
        ? answerStream(river, attempts, call, response, keepAliveMs)
        : answerPlain(river, attempts, call, response));
    } catch (error) {
      await river.abandon(call);
      throw error;
    }
  }
}
