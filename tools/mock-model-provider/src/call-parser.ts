import { parseEmbeddingsCall } from './embeddings-wire.js';
import { isJsonObject, type JsonObject } from './json-value.js';
import type { CallProblem, ModelCall } from './model-call.js';
import type { Wire } from './wire.js';

const MAX_CHOICES = 128;

function textLengthOf(content: unknown): number {
  if (typeof content === 'string') return content.length;
  if (!Array.isArray(content)) return 0;
  let length = 0;
  for (const part of content) {
    if (!isJsonObject(part)) continue;
    // Anthropic's tool_result blocks nest their text one level down.
    length += typeof part['text'] === 'string' ? part['text'].length : textLengthOf(part['content']);
  }
  return length;
}

function isToolResult(message: unknown): boolean {
  if (!isJsonObject(message)) return false;
  if (message['role'] === 'tool') return true;
  const content: unknown = message['content'];
  return (
    Array.isArray(content) &&
    content.some((part: unknown) => isJsonObject(part) && part['type'] === 'tool_result')
  );
}

function offersTools(body: JsonObject): boolean {
  const { tools, tool_choice: choice } = body;
  if (!Array.isArray(tools) || tools.length === 0) return false;
  return choice !== 'none' && !(isJsonObject(choice) && choice['type'] === 'none');
}

function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function problemOf(wire: Wire, body: JsonObject): CallProblem | undefined {
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    return { message: 'you must provide a model parameter', param: 'model' };
  }
  if (!Array.isArray(body['messages']) || body['messages'].length === 0) {
    return { message: "Invalid 'messages': expected a non-empty array.", param: 'messages' };
  }
  if (wire === 'anthropic' && body['max_tokens'] === undefined) {
    return { message: 'max_tokens: Field required', param: 'max_tokens' };
  }
  for (const param of ['max_completion_tokens', 'max_tokens']) {
    const limit = body[param] ?? undefined;
    if (limit !== undefined && !isIntegerIn(limit, 1, Number.MAX_SAFE_INTEGER)) {
      return { message: `Invalid '${param}': expected a positive integer.`, param };
    }
  }
  if (!isIntegerIn(body['n'] ?? 1, 1, MAX_CHOICES)) {
    return { message: `Invalid 'n': expected an integer from 1 to ${MAX_CHOICES}.`, param: 'n' };
  }
  return undefined;
}

function limitOf(body: JsonObject): number | undefined {
  const limit = body['max_completion_tokens'] ?? body['max_tokens'];
  return typeof limit === 'number' ? limit : undefined;
}

/** Parses the JSON body of a model call; a body the provider would refuse gives the problem in place of the call. */
export function parseModelCall(wire: Wire, body: unknown): ModelCall | CallProblem {
  if (wire === 'embeddings') return parseEmbeddingsCall(body);
  if (!isJsonObject(body)) {
    return { message: 'We could not parse the JSON body of your request.', param: null };
  }
  const problem = problemOf(wire, body);
  if (problem !== undefined) return problem;
  const messages: readonly unknown[] = Array.isArray(body['messages']) ? body['messages'] : [];
  let textLength = 0;
  for (const message of messages) textLength += isJsonObject(message) ? textLengthOf(message['content']) : 0;
  const hasSystem = wire === 'anthropic' && body['system'] !== undefined;
  const streamOptions = body['stream_options'];
  return {
    wire,
    model: String(body['model']),
    isStream: body['stream'] === true,
    includeUsage: isJsonObject(streamOptions) && streamOptions['include_usage'] === true,
    choiceCount: wire === 'openai' && typeof body['n'] === 'number' ? body['n'] : 1,
    maxTokens: limitOf(body),
    // Anthropic's `system` stands outside the messages but is counted as one of them.
    messageCount: messages.length + (hasSystem ? 1 : 0),
    textLength: textLength + (hasSystem ? textLengthOf(body['system']) : 0),
    offersTools: offersTools(body),
    endsWithToolResult: isToolResult(messages.at(-1)),
  };
}
