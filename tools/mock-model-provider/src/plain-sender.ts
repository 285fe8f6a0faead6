import type { ServerResponse } from 'node:http';

import { htmlPage } from './garbage-body.js';
import type { MockBehaviour } from './mock-behaviour.js';
import type { WireError, WireRenderer } from './wire-renderer.js';

/** Content type of every JSON answer. */
export const JSON_TYPE = 'application/json';

/** Content type of every streamed answer. */
export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

type Header = readonly [name: string, value: string | number];

/** Sends a whole body with its true length. */
export function sendBody(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  ...headers: readonly Header[]
): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, [
    'content-type',
    contentType,
    'content-length',
    String(length),
    ...headers.flat(),
  ]);
  response.end(body);
}

/** Sends a body under a `content-length` that is 8 bytes off, then closes the connection. */
export function sendWithWrongLength(response: ServerResponse, body: string, lie: 'short' | 'long'): void {
  const length = Math.max(0, Buffer.byteLength(body) + (lie === 'short' ? -8 : 8));
  response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': length, connection: 'close' });
  response.end(body);
}

/** Sends an error in the wire's envelope, or the other body the behaviour asks for. */
export function sendError(
  response: ServerResponse,
  renderer: WireRenderer,
  error: WireError,
  sequence: number,
  behaviour: MockBehaviour = {},
): void {
  const { retryAfterSeconds } = behaviour;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  switch (behaviour.errorBody) {
    case 'html':
      return sendBody(response, error.status, 'text/html', htmlPage(`${error.status} from the proxy`));
    case 'empty':
      return sendBody(response, error.status, JSON_TYPE, '');
    case 'garbage':
      return sendBody(response, error.status, JSON_TYPE, '{"error":{"mess');
    default:
      return sendBody(response, error.status, JSON_TYPE, renderer.errorBody(error, sequence));
  }
}
