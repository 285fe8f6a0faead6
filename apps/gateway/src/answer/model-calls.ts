import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UpstreamAttempts } from '../call/attempts/upstream-attempts.js';
import type { ModelRoute } from '../call/model-route.js';
import type { River } from '../call/river.js';
import { answerPlain } from './plain-answer.js';
import { answerStream } from './stream-answer.js';

/** What answering model calls needs. */
export interface ModelCallsOptions {
  readonly river: River;
  readonly attempts: UpstreamAttempts;
  /** How long a stream may be silent before its first event. */
  readonly keepAliveMs: number;
}

/** Answers model calls of any route: no route has a way of its own past the river. */
export class ModelCalls {
  constructor(private readonly options: ModelCallsOptions) {}

  /** @throws TollgateError when the call is refused before anything was sent upstream */
  async answer(route: ModelRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { river, attempts, keepAliveMs } = this.options;
    const call = await river.enter(route, request.raw, request.id, request.body);
    try {
      await (call.facts.request.stream
        ? answerStream(river, attempts, call, reply, keepAliveMs)
        : answerPlain(river, attempts, call, reply));
    } catch (error) {
      await river.abandon(call);
      throw error;
    }
  }
}
