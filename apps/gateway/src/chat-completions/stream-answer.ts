import type { ServerResponse } from 'node:http';
import type { StreamSink } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import { formatOpenaiError } from '@tollgate/http';
import type { FastifyReply } from 'fastify';
import { answerHeaders } from '../call/answer-headers.js';
import type { OpenCall } from '../call/open-call.js';
import type { River } from '../call/river.js';
import { answerFailure } from './failed-answer.js';

/**
 * What arrives within this time of a write leaves in the next one. No reader sees it, tokens come every 5 to 50 ms,
 * and a write costs as much CPU as all the rest of passing a chunk on. The first chunk never waits.
 */
const GATHER_MS = 2;
let waiting: ClientStream[] = [];

// One timer for all streams.
function flushLater(stream: ClientStream): void {
  if (waiting.push(stream) === 1) setTimeout(flushWaiting, GATHER_MS);
}

function flushWaiting(): void {
  const streams = waiting;
  waiting = [];
  for (const stream of streams) stream.flush();
}

const END_OF_CHUNK = '\r\n';

/**
 * Writes events to a client as they come: the head with the first of them, and together what arrives together.
 *
 * Node's own chunked encoding hands four pieces to the socket for each write, and its corking sends them one by one;
 * so the frame of a chunk (RFC 9112 §7.1) is put around the events here and leaves in one piece.
 */
class ClientStream implements StreamSink {
  #gathered: Buffer[] = [];
  #headSent = false;
  /** HTTP/1.0, which a proxy in front may speak, knows no chunks. */
  readonly #chunked: boolean;
  started = false;

  constructor(
    private readonly call: OpenCall,
    private readonly reply: FastifyReply,
    private readonly raw: ServerResponse,
  ) {
    this.#chunked = raw.req.httpVersion === '1.1';
  }

  write(events: Buffer, resume: () => void): boolean {
    if (!this.started) this.#start();
    if (this.#gathered.push(events) === 1) {
      if (this.#headSent) flushLater(this);
      else setImmediate(() => this.flush());
    }
    const { socket } = this.raw;
    if (!socket?.writableNeedDrain) return true;
    socket.once('drain', resume);
    return false;
  }

  /** Sends what is left, a last event if there is one, and the end of the answer, all in one write. */
  end(lastEvent: string | undefined): void {
    const { socket } = this.raw;
    if (lastEvent !== undefined) this.#gathered.push(Buffer.from(lastEvent));
    socket?.cork();
    this.flush();
    this.raw.end();
    socket?.uncork();
  }

  /** Sends what has been gathered. */
  flush(): void {
    const { socket } = this.raw;
    const gathered = this.#gathered;
    this.#gathered = [];
    if (gathered.length === 0 || this.raw.destroyed) return;
    if (!socket || !this.#chunked) {
      // An answer before this one on the connection (pipelining) is not finished: Node keeps ours until it is.
      this.#headSent = true;
      for (const events of gathered) this.raw.write(events);
      return;
    }
    socket.cork();
    this.#sendHead();
    const sizeBytes = gathered.reduce((sum, events) => sum + events.length, 0);
    socket.write(`${sizeBytes.toString(16)}\r\n`, 'latin1');
    for (const events of gathered) socket.write(events);
    socket.write(END_OF_CHUNK, 'latin1');
    socket.uncork();
  }

  #sendHead(): void {
    if (this.#headSent) return;
    this.#headSent = true;
    this.raw.flushHeaders();
  }

  #start(): void {
    this.started = true;
    this.call.markFirstToken();
    this.reply.hijack();
    this.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      ...(this.#chunked ? { 'transfer-encoding': 'chunked' } : {}),
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
    {
      requestId,
      model: resolved.model,
      request,
      outputCap: bound.outputCap,
      cancellation: call.cancellation,
    },
    sink,
  );
  if (!sink.started) {
    const measured = await river.leave(call, outcome);
    return answerFailure(outcome, answerHeaders(call, measured), requestId, reply);
  }
  const error =
    outcome.status === 'failed'
      ? (outcome.error ?? new TollgateError('internal_error', 'The stream broke off.'))
      : undefined;
  sink.end(error && `data: ${JSON.stringify(formatOpenaiError(error, requestId).body)}\n\n`);
  river.awaitDelivery(raw);
  await river.leave(call, outcome);
}
