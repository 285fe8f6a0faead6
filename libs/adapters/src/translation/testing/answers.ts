import { CREATED_AT_SECONDS } from './exchange.js';

const CLAUDE = 'claude-sonnet-4-6';
const GPT = 'gpt-4o-mini';

/** What Anthropic reports for every answer of the tests that is not about usage. */
export const MESSAGES_USAGE = {
  input_tokens: 10,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 5,
  output_tokens_details: { thinking_tokens: 0 },
  server_tool_use: null,
};

/** The same in OpenAI's words. */
export const CHAT_USAGE = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

/** An answer of a Claude model. */
export function message(content: readonly object[], more: object = {}): Record<string, unknown> {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: CLAUDE,
    content,
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { ...MESSAGES_USAGE, cache_creation: null, inference_geo: null, service_tier: null, speed: null },
    ...more,
  };
}

/** What a Claude model's answer is for an OpenAI client. */
export function completionOfClaude(
  said: object,
  finishReason = 'stop',
  more: object = {},
): Record<string, unknown> {
  return { ...completion(said, finishReason), id: 'msg_1', model: CLAUDE, ...more };
}

/** An answer of a model on OpenAI's wire. */
export function completion(said: object, finishReason = 'stop', more: object = {}): Record<string, unknown> {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: CREATED_AT_SECONDS,
    model: GPT,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...said },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: CHAT_USAGE,
    ...more,
  };
}

/** What the answer of a model on OpenAI's wire is for an Anthropic client. */
export function messageOfGpt(content: readonly object[], more: object = {}): Record<string, unknown> {
  return message(content, { id: 'chatcmpl-1', model: GPT, ...more });
}

/** A text block of an Anthropic answer. */
export const textBlock = (text: string): object => ({ type: 'text', text, citations: null });
