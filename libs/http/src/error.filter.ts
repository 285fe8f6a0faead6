import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { TollgateError } from '@tollgate/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatOpenaiError, toTollgateError } from './error-answer.js';

/** Told of every error that is answered. */
export type ErrorListener = (error: TollgateError, requestId: string) => void;

/** Answers whatever was thrown in the OpenAI envelope. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly onError: ErrorListener) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = request.url.split('?', 1)[0] ?? '';
    // Terminus answers a failed readiness check by throwing its own well-formed body.
    if (path.startsWith('/health') && isHttpException(thrown)) {
      void reply.status(thrown.getStatus()).send(thrown.getResponse());
      return;
    }
    const error = toTollgateError(thrown);
    this.onError(error, request.id);
    const { status, headers, body } = formatOpenaiError(error, request.id);
    if (!reply.sent) void reply.status(status).headers(headers).send(body);
  }
}

function isHttpException(thrown: unknown): thrown is { getStatus(): number; getResponse(): object } {
  return thrown instanceof Error && 'getStatus' in thrown && 'getResponse' in thrown;
}
