import { TollgateError } from '@tollgate/domain';
import { formatOpenaiError, type ErrorAnswer } from './error-answer.js';
import { formatProblem } from './problem-details.js';

/** How a wire says that something went wrong: as an answer, and as the last event of a stream. */
export interface ErrorFormat {
  answer(error: TollgateError, requestId: string): ErrorAnswer;
  event(body: object): string;
}

/** OpenAI's envelope. */
export const openaiErrors: ErrorFormat = {
  answer: formatOpenaiError,
  event: (body) => `data: ${JSON.stringify(body)}\n\n`,
};

/** OpenAI's envelope on the responses route, whose streams have an error event of their own. */
export const responsesErrors: ErrorFormat = {
  answer: formatOpenaiError,
  event: (body) => {
    const { error } = body as { error: { message: string; code: string; param: string | null } };
    const { message, code, param } = error;
    return `event: error\ndata: ${JSON.stringify({ type: 'error', code, message, param })}\n\n`;
  },
};

const TYPES_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** Anthropic's envelope (API reference, Errors), with our `code`, the parameter and the facts of a limit beside its type. */
export const anthropicErrors: ErrorFormat = {
  answer(error, requestId) {
    const { status, headers } = formatOpenaiError(error, requestId);
    const type = TYPES_BY_STATUS[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
    const param = error.param === undefined ? {} : { param: error.param };
    return {
      status,
      headers: { ...headers, 'request-id': requestId },
      body: {
        type: 'error',
        error: { type, message: error.message, code: error.code, ...param, ...error.facts },
        request_id: requestId,
      },
    };
  },
  event: (body) => `event: error\ndata: ${JSON.stringify(body)}\n\n`,
};

/** Problem details, in which the admin API speaks; it has no streams of events. */
export const problemErrors: ErrorFormat = {
  answer: formatProblem,
  event: (body) => `event: error\ndata: ${JSON.stringify(body)}\n\n`,
};

/** The errors that clients of a path expect. */
export function errorFormatOf(path: string): ErrorFormat {
  if (path === '/admin' || path.startsWith('/admin/')) return problemErrors;
  return path.startsWith('/v1/messages') ? anthropicErrors : openaiErrors;
}
