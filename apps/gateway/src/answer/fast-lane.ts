import type { IncomingMessage, ServerResponse } from 'node:http';
import { uuidV7 } from '@tollgate/domain';
import { MODEL_ROUTES, type ModelRoute } from '../call/model-route.js';
import type { ModelCalls } from './model-calls.js';

const ROUTES: ReadonlyMap<string, ModelRoute> = new Map(
  Object.values(MODEL_ROUTES).map((route) => [route.path, route]),
);

/**
 * Takes the usual model call, a JSON body of known length, straight from node:http, past a router, hooks and wrappers
 * that have nothing to add to it (ADR 0013). Whatever looks different in any way is left to the controllers, which answer
 * the same; bad requests are theirs alone.
 */
export class FastLane {
  constructor(
    private readonly calls: ModelCalls,
    private readonly maxBodyBytes: number,
  ) {}

  /** Whether the request was taken. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const route = ROUTES.get(request.url ?? '');
    if (!route || request.method !== 'POST') return false;
    const { 'content-type': type, 'content-length': length } = request.headers;
    if (type !== 'application/json' || length === undefined || Number(length) > this.maxBodyBytes)
      return false;
    const chunks: Buffer[] = []; // the parser sees to it that they are as long as was declared
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      void this.calls.answer(route, request, uuidV7(Date.now()), body, response);
    });
    return true;
  }
}
