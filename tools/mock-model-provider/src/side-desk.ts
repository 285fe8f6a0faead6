import { countPromptTokens } from './answer-planner.js';
import { parseModelCall } from './call-parser.js';
import { credentialError } from './credential.js';
import { isJsonObject } from './json-value.js';
import type { MockRequest } from './mock-request.js';
import type { Exchange } from './model-desk.js';
import { JSON_TYPE, sendBody, sendError } from './plain-sender.js';
import { pause } from './response-wait.js';
import type { WireError } from './wire-renderer.js';

const MODEL_IDS = [
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-4.1-mini',
  'claude-sonnet-4-5',
  'claude-haiku-4-5',
];

const MODEL_LIST = JSON.stringify({
  object: 'list',
  data: MODEL_IDS.map((id) => ({ id, object: 'model', created: 1_735_689_600, owned_by: 'mock' })),
});

function resultOf(request: MockRequest, exchange: Exchange): string | WireError {
  if (request.path === '/v1/models') {
    return request.method === 'GET'
      ? MODEL_LIST
      : { status: 405, message: `Not allowed to ${request.method}.` };
  }
  if (request.path !== '/v1/messages/count_tokens') {
    return { status: 404, message: `Invalid URL (${request.method} ${request.path})`, code: 'unknown_url' };
  }
  if (request.method !== 'POST') return { status: 405, message: `Not allowed to ${request.method}.` };
  const body = isJsonObject(request.body) ? { ...request.body, max_tokens: 1 } : request.body;
  const call = parseModelCall('anthropic', body);
  if ('message' in call) return { status: 400, ...call };
  return JSON.stringify({ input_tokens: countPromptTokens(call, exchange.behaviour) });
}

function act(exchange: Exchange): void {
  const { request, response, renderer, sequence, behaviour } = exchange;
  const { status } = behaviour;
  if (status !== undefined) return sendError(response, renderer, { status }, sequence, behaviour);
  const result = credentialError(request.headers) ?? resultOf(request, exchange);
  if (typeof result === 'string') return sendBody(response, 200, JSON_TYPE, result);
  sendError(response, renderer, result, sequence);
}

/** Answers the routes that bill nothing: models, token counts, unknown paths. Knows `latencyMs`, `status`, `silent`. */
export function answerSideRoute(exchange: Exchange): void {
  const { response, behaviour } = exchange;
  if (behaviour.silent === true) return;
  const latencyMs = behaviour.latencyMs ?? 0;
  if (latencyMs === 0) return act(exchange);
  void pause(response, latencyMs).then((isOpen) => {
    if (isOpen) act(exchange);
  });
}
