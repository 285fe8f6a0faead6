import type { ServerResponse } from 'node:http';
import type { StreamSink } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import { formatOpenaiError } from '@tollgate/http';
import type { FastifyReply } from 'fastify';
import { answerHeaders } from '../call/answer-headers.js';
import type { OpenCall } from '../call/open-call.js';
import type { River } from '../call/river.js';
import { answerFailure } from './failed-answer.js';

/** Writes events to a client as they come: the head with the first of them, and together what arrives together. */
class ClientStream implements StreamSink {
  #corked = false;
  started = false;

  constructor(
    private readonly call: OpenCall,
    private readonly reply: FastifyReply,
    private readonly raw: ServerResponse,
  ) {}

  write(events: Buffer, resume: () => void): boolean {
    if (!this.started) this.#start();
    if (!this.#corked) {
      this.#corked = true;
      this.raw.cork();
      process.nextTick(this.#uncork);
    }
    if (this.raw.write(events)) return true;
    this.raw.once('drain', resume);
    return false;
  }

  readonly #uncork = (): void => {
    this.#corked = false;
    this.raw.uncork();
  };

  #start(): void {
    this.started = true;
    this.call.markFirstToken();
    this.reply.hijack();
    this.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no', // nginx in between would collect the stream
      ...answerHeaders(this.call),
    });
  }
}

/** Streams an answer; an error after the first byte becomes a last event. A client that hangs up ends the upstream call. */
export async function answerStream(river: River, call: OpenCall, reply: FastifyReply): Promise<void> {
  const { resolved, request, requestId, bound } = call.facts;
  const { raw } = reply;
  const onClose = (): void => {
    if (!raw.writableEnded) call.abort('client-gone');
  };
  raw.on('close', onClose);
  if (raw.destroyed) onClose();
  call.upstreamAtMs = performance.now();
  const sink = new ClientStream(call, reply, raw);
  const outcome = await resolved.adapter.stream(
    { requestId, model: resolved.model, request, outputCap: bound.outputCap, signal: call.signal },
    sink,
  );
  if (!sink.started) {
    const measured = await river.leave(call, outcome);
    return answerFailure(outcome, answerHeaders(call, measured), requestId, reply);
  }
  if (outcome.status === 'failed') {
    const error = outcome.error ?? new TollgateError('internal_error', 'The stream broke off.');
    raw.write(`data: ${JSON.stringify(formatOpenaiError(error, requestId).body)}\n\n`);
  }
  raw.end();
  await river.leave(call, outcome);
}
