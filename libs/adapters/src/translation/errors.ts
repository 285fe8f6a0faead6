import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';

type MessagesType = Anthropic.ErrorType | 'request_too_large';

/** OpenAI's error envelope. */
export interface ChatError {
  readonly error: { message: string; type: string; param: string | null; code: string };
}

/** Anthropic's error envelope, with OpenAI's `code` and `param` when they are known. */
export interface MessagesError {
  readonly type: 'error';
  readonly error: { type: MessagesType; message: string; code?: string; param?: string };
  readonly request_id: string | null;
}

const NO_REASON = 'The model provider gave no reason.';
const OVERLOADED_STATUSES = new Set([503, 529]);

// https://platform.claude.com/docs/en/api/errors
const typesByStatus: ReadonlyMap<number, MessagesType> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [408, 'timeout_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
]);

/** Codes are those of our own catalogue: a client must not take the gateway's account for its own. */
const chatErrors: ReadonlyMap<string, { type: string; code: string }> = new Map<
  MessagesType,
  { type: string; code: string }
>([
  ['invalid_request_error', { type: 'invalid_request_error', code: 'upstream_refused' }],
  ['authentication_error', { type: 'api_error', code: 'upstream_authentication_failed' }],
  ['permission_error', { type: 'api_error', code: 'upstream_authentication_failed' }],
  ['billing_error', { type: 'api_error', code: 'upstream_refused' }],
  ['not_found_error', { type: 'invalid_request_error', code: 'model_not_found' }],
  ['conflict_error', { type: 'invalid_request_error', code: 'upstream_refused' }],
  ['request_too_large', { type: 'invalid_request_error', code: 'upstream_refused' }],
  ['rate_limit_error', { type: 'rate_limit_error', code: 'upstream_rate_limited' }],
  ['timeout_error', { type: 'api_error', code: 'upstream_timeout' }],
  ['overloaded_error', { type: 'api_error', code: 'upstream_error' }],
  ['api_error', { type: 'api_error', code: 'upstream_error' }],
]);

/** OpenAI's words, in `code` or `type`, for what Anthropic's types say; they count more than the status. */
const typesByWord: ReadonlyMap<string, MessagesType> = new Map([
  ['insufficient_quota', 'billing_error'],
  ['rate_limit_exceeded', 'rate_limit_error'],
  ['rate_limit_error', 'rate_limit_error'],
  ['invalid_api_key', 'authentication_error'],
  ['authentication_error', 'authentication_error'],
  ['permission_error', 'permission_error'],
  ['model_not_found', 'not_found_error'],
  ['invalid_request_error', 'invalid_request_error'],
]);

const errorBody = z.object({
  error: z.object({
    message: z.string().catch(NO_REASON),
    type: z.string().nullish().catch(null),
    code: z.string().nullish().catch(null),
    param: z.string().nullish().catch(null),
  }),
  request_id: z.string().nullish().catch(null),
});

function parseError(body: unknown): z.output<typeof errorBody> {
  const parsed = errorBody.safeParse(body);
  return parsed.success ? parsed.data : { error: { message: NO_REASON } };
}

function typeOfStatus(status: number | undefined): MessagesType {
  if (status === undefined) return 'api_error';
  if (OVERLOADED_STATUSES.has(status)) return 'overloaded_error';
  return typesByStatus.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

/** Anthropic's refusal in OpenAI's envelope; `status` is absent for an error inside a stream. */
export function messagesErrorToChat(body: unknown, status?: number): ChatError {
  const { message, type, code } = parseError(body).error;
  const known = chatErrors.get(type ?? '') ?? chatErrors.get(typeOfStatus(status));
  // Clients shorten the conversation when they see this code.
  const isTooLong =
    type === 'invalid_request_error' && /prompt is too long|exceed context limit/i.test(message);
  return {
    error: {
      message,
      type: known?.type ?? 'api_error',
      param: null,
      code: isTooLong ? 'context_length_exceeded' : (code ?? known?.code ?? 'upstream_error'),
    },
  };
}

/** OpenAI's refusal in Anthropic's envelope; `status` is absent for an error inside a stream. */
export function chatErrorToMessages(body: unknown, status?: number): MessagesError {
  const { error, request_id } = parseError(body);
  const { message, type: word, code, param } = error;
  const byStatus = status === undefined ? undefined : typeOfStatus(status);
  const bySpecificWord = typesByWord.get(code ?? '');
  const type = bySpecificWord ?? byStatus ?? typesByWord.get(word ?? '') ?? 'api_error';
  return {
    type: 'error',
    error: { type, message, ...(code && { code }), ...(param && { param }) },
    request_id: request_id ?? null,
  };
}
