import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { TollgateError } from '@tollgate/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowedMethods } from './allowed-methods.js';
import { toTollgateError } from './error-answer.js';
import { errorFormatOf } from './error-format.js';

/** Told of every error that is answered. */
export type ErrorListener = (error: TollgateError, requestId: string) => void;

/** Answers whatever was thrown in the envelope that the path's clients expect. */
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
    const methods = allowedMethods(request, path);
    const error =
      methods.length === 0
        ? toTollgateError(thrown)
        : new TollgateError('method_not_allowed', 'This path does not take this method.');
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    // Closed with the rest of the body unread, the connection would be reset before the client has read the answer.
    if (error.code === 'body_too_large') void reply.removeHeader('connection');
    this.onError(error, request.id);
    const { status, headers, body } = errorFormatOf(path).answer(error, request.id);
    if (!reply.sent) void reply.status(status).headers(headers).send(body);
  }
}

function isHttpException(thrown: unknown): thrown is { getStatus(): number; getResponse(): object } {
  return thrown instanceof Error && 'getStatus' in thrown && 'getResponse' in thrown;
}
