import { Readable } from 'node:stream';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Operation } from '@tollgate/admin-contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toTollgateError } from '@tollgate/http';
import { defer, finalize, map, tap, type Observable } from 'rxjs';
import { operatorOf } from '../login/login.guard.js';
import { RequestMeter } from '../metrics/request-meter.js';
import { RequestsInFlight } from '../requests-in-flight.js';
import { toAdminError } from './admin-error.js';
import type { Answer, StreamedAnswer } from './answer.js';
import { OPERATION, setCall } from './operation.decorator.js';
import { readCall } from './read-call.js';

const SAFE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

// Fastify waits for a slow client, and destroys what a client that hangs up has not read.
function stream(
  reply: FastifyReply,
  request: FastifyRequest,
  { chunks, contentType, headers }: StreamedAnswer,
  onEnd: () => void,
): StreamableFile {
  void reply.headers({ 'x-request-id': request.id, ...SAFE, ...headers, 'content-type': contentType });
  const readable = Readable.from(chunks, { objectMode: false, highWaterMark: 1 });
  readable.once('close', onEnd);
  return new StreamableFile(readable, { type: contentType });
}

function write(reply: FastifyReply, request: FastifyRequest, answer: Answer): string | undefined {
  void reply.headers({
    'x-request-id': request.id,
    ...SAFE,
    ...(answer.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(answer.etag === undefined ? {} : { etag: answer.etag }),
    ...(answer.cookie === undefined ? {} : { 'set-cookie': answer.cookie }),
    ...(answer.isReplay ? { 'idempotency-replayed': 'true' } : {}),
  });
  return answer.json;
}

/** Makes a checked call of a request for an operation, and the bytes of the answer of what its method returns. */
@Injectable()
export class OperationInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly requests: RequestsInFlight,
    private readonly meter: RequestMeter,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const operation = this.reflector.get<Operation | undefined>(OPERATION, context.getHandler());
    if (!operation) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    this.requests.enter();
    const finish = this.meter.begin(operation.id);
    let outcome = 'ok';
    const run = defer(() => {
      setCall(request, readCall(operation, request, operatorOf(request)));
      return next.handle();
    });
    return run.pipe(
      map((answer: Answer | StreamedAnswer) => {
        if (!('chunks' in answer)) return write(reply, request, answer);
        this.requests.extend(); // until the stream has ended
        return stream(reply, request, answer, () => this.requests.leave());
      }),
      tap({ error: (error: unknown) => (outcome = toTollgateError(toAdminError(error)).code) }),
      finalize(() => {
        finish(outcome);
        this.requests.leave();
      }),
    );
  }
}
