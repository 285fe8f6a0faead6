import type { IncomingMessage, ServerResponse } from 'node:http';
import { uuidV7 } from '@tollgate/domain';
import { openaiErrors, type ErrorListener } from '@tollgate/http';
import { MODEL_ROUTES, type ModelRoute } from '../call/model-route.js';
import type { CheckpointAnswer, CheckpointCalls } from '../checkpoints/checkpoint-calls.js';
import { answerThrown, send } from './failed-answer.js';
import type { ModelCalls } from './model-calls.js';

const ROUTES: ReadonlyMap<string, ModelRoute> = new Map(
  Object.values(MODEL_ROUTES).map((route) => [route.path, route]),
);
const CHECKPOINTS = '/v1/checkpoints/';
/** A run id without percent-encoding, and no query behind it. */
const PLAIN_RUN_ID = /^[\w.:~-]{1,200}$/;

/** Who answers what the lane takes. */
export interface FastLaneOptions {
  readonly models: ModelCalls;
  readonly checkpoints: CheckpointCalls;
  readonly maxBodyBytes: number;
  readonly onRefused: ErrorListener;
}

/**
 * Takes the usual model call and the usual read or write of a checkpoint straight from node:http, past a router, hooks
 * and wrappers that have nothing to add to it (ADR 0013). Whatever looks different in any way is left to the
 * controllers, which answer the same.
 */
export class FastLane {
  constructor(private readonly options: FastLaneOptions) {}

  /** Whether the request was taken. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', method } = request;
    if (url.startsWith(CHECKPOINTS))
      return this.#takeCheckpoint(url.slice(CHECKPOINTS.length), request, response);
    const route = ROUTES.get(url);
    if (!route || method !== 'POST' || !this.#hasPlainBody(request)) return false;
    whenRead(request, (body) => {
      void this.options.models.answer(route, request, uuidV7(Date.now()), body, response);
    });
    return true;
  }

  #takeCheckpoint(runId: string, http: IncomingMessage, response: ServerResponse): boolean {
    if (!PLAIN_RUN_ID.test(runId)) return false;
    const { checkpoints } = this.options;
    const request = { http, requestId: uuidV7(Date.now()), runId, query: {} };
    if (http.method === 'GET' && !hasBody(http)) {
      void this.#answer(request.requestId, response, () => checkpoints.get(request));
      return true;
    }
    if (http.method !== 'PUT' || !this.#hasPlainBody(http)) return false;
    whenRead(http, (body) => {
      void this.#answer(request.requestId, response, () => checkpoints.put(request, body));
    });
    return true;
  }

  async #answer(
    requestId: string,
    response: ServerResponse,
    work: () => Promise<CheckpointAnswer>,
  ): Promise<void> {
    try {
      const { status, headers, body } = await work();
      send(response, status, headers, body);
    } catch (thrown) {
      answerThrown(thrown, requestId, openaiErrors, response, this.options.onRefused);
    }
  }

  #hasPlainBody({ headers }: IncomingMessage): boolean {
    const { 'content-type': type, 'content-length': length } = headers;
    return type === 'application/json' && length !== undefined && Number(length) <= this.options.maxBodyBytes;
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function whenRead(request: IncomingMessage, use: (body: Buffer) => void): void {
  const chunks: Buffer[] = []; // the parser sees to it that they are as long as was declared
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => use(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}
