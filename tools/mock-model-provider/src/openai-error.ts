import type { WireError } from './wire-renderer.js';

interface Kind {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

const SERVER_ERROR: Kind = {
  type: 'server_error',
  code: null,
  message: 'The server had an error while processing your request. Sorry about that!',
};

const KINDS: ReadonlyMap<number, Kind> = new Map([
  [400, { type: 'invalid_request_error', code: null, message: 'Invalid request.' }],
  [401, { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' }],
  [403, { type: 'invalid_request_error', code: 'permission_denied', message: 'You may not do this.' }],
  [404, { type: 'invalid_request_error', code: 'model_not_found', message: 'The model does not exist.' }],
  [408, { type: 'invalid_request_error', code: 'request_timeout', message: 'Request timed out.' }],
  [409, { type: 'invalid_request_error', code: 'conflict', message: 'The resource was changed meanwhile.' }],
  [413, { type: 'invalid_request_error', code: 'request_too_large', message: 'Request too large.' }],
  [
    422,
    { type: 'invalid_request_error', code: 'unprocessable_entity', message: 'Cannot process the request.' },
  ],
  [429, { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached for requests.' }],
  [502, { type: 'server_error', code: null, message: 'Bad gateway.' }],
  [503, { type: 'server_error', code: null, message: 'The engine is currently overloaded.' }],
  [529, { type: 'server_error', code: null, message: 'Overloaded.' }],
]);

/** OpenAI's error envelope (API reference, "Error codes"). */
export function openAiErrorBody(error: WireError): string {
  const kind = KINDS.get(error.status) ?? SERVER_ERROR;
  return JSON.stringify({
    error: {
      message: error.message ?? kind.message,
      type: kind.type,
      param: error.param ?? null,
      code: error.code ?? kind.code,
    },
  });
}
