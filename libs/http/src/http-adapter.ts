import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TollgateError, uuidV7 } from '@tollgate/domain';
import type { FastifyRequest } from 'fastify';
import { formatOpenaiError } from './error-answer.js';

const HEADERS_TIMEOUT_MS = 15_000;
const BODY_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** Bounds of the HTTP server. */
export interface HttpAdapterOptions {
  readonly maxBodyBytes: number;
}

function parseJsonBody(
  request: FastifyRequest,
  body: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void {
  const type = request.headers['content-type'] ?? '';
  if (/^application\/json\s*(;|$)/i.test(type)) return done(null, body);
  done(new TollgateError('unsupported_media_type', 'Send the body as application/json.'));
}

// A request that Node's parser refuses never becomes a request: the answer is written by hand.
function answerUnreadable(
  error: NodeJS.ErrnoException,
  socket: { writable: boolean; end(text: string): void; destroy(): void },
): void {
  if (!socket.writable || error.code === 'ECONNRESET') return socket.destroy();
  const [status, reason, code] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ([431, 'Request Header Fields Too Large', 'invalid_header'] as const)
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ([408, 'Request Timeout', 'request_timeout'] as const)
        : ([400, 'Bad Request', 'invalid_request'] as const);
  const requestId = uuidV7(Date.now());
  const { body } = formatOpenaiError(
    new TollgateError(code, 'The request cannot be read as HTTP.'),
    requestId,
  );
  const json = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json\r\nx-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

/**
 * The HTTP server: bodies stay bytes (they are parsed once, where they are used), every wait for a client is
 * bounded, and each request has a UUID version 7 as its id.
 */
export function createHttpAdapter(options: HttpAdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: options.maxBodyBytes,
    forceCloseConnections: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: BODY_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES, noDelay: true },
    genReqId: () => uuidV7(Date.now()),
    clientErrorHandler: answerUnreadable,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) =>
    parseJsonBody(request, body as Buffer, done),
  );
  return adapter;
}
