import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TollgateError, uuidV7 } from '@tollgate/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toTollgateError } from './error-answer.js';
import { errorFormatOf, openaiErrors, type ErrorFormat } from './error-format.js';

const HEADERS_TIMEOUT_MS = 15_000;
const BODY_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than any id, so that one that is too long is refused as such and not as an unknown path. */
const MAX_PARAM_LENGTH = 4096;

const SERVER_OPTIONS: ServerOptions = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  requestTimeout: BODY_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  noDelay: true,
};

/** Bounds of the HTTP server. */
export interface HttpAdapterOptions {
  readonly maxBodyBytes: number;
  /** How it answers what is no HTTP, and so has no path; default OpenAI's envelope. */
  readonly errors?: ErrorFormat;
  /** Sees every request before the router and answers whether it took it. */
  readonly takeFirst?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

// A request that Node's parser refuses never becomes a request: the answer is written by hand.
function answerUnreadable(
  errors: ErrorFormat,
  cause: NodeJS.ErrnoException,
  socket: { writable: boolean; end(text: string): void; destroy(): void },
): void {
  if (!socket.writable || cause.code === 'ECONNRESET') return socket.destroy();
  const [status, reason, code] =
    cause.code === 'HPE_HEADER_OVERFLOW'
      ? ([431, 'Request Header Fields Too Large', 'invalid_header'] as const)
      : cause.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ([408, 'Request Timeout', 'request_timeout'] as const)
        : ([400, 'Bad Request', 'invalid_request'] as const);
  const refusal = new TollgateError(code, 'The request cannot be read as HTTP.');
  const { headers, body } = errors.answer(refusal, uuidV7(Date.now()));
  const json = JSON.stringify(body);
  const all = { ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(json)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${json}`);
}

// A path that the router cannot decode never reaches Nest, nor its filter.
function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, body } = errorFormatOf(request.url).answer(toTollgateError(error), request.id);
  void reply.status(status).headers(headers).send(body);
}

const takeNone = (): boolean => false;

/**
 * The HTTP server: bodies stay bytes (they are parsed once, where they are used), every wait for a client is
 * bounded, and each request has a UUID version 7 as its id.
 */
export function createHttpAdapter({
  maxBodyBytes,
  errors = openaiErrors,
  takeFirst = takeNone,
}: HttpAdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    serverFactory: (route: RequestListener) =>
      createServer(SERVER_OPTIONS, (request, response) => {
        if (!takeFirst(request, response)) void route(request, response);
      }),
    genReqId: () => uuidV7(Date.now()),
    clientErrorHandler: (cause, socket) => answerUnreadable(errors, cause, socket),
    frameworkErrors: answerUnroutable,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    skipMiddie: true, // no Nest middleware: its hook would run on every call
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  // By its exact name: Fastify then finds the parser without reading the header anew. All other types are refused.
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  return adapter;
}
