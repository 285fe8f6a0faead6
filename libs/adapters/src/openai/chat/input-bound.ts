import { TollgateError } from '@tollgate/domain';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { ModelRequest } from '../../model-request.js';
import type { CountableInput } from '../../model-adapter.js';

/** Framing that is not in the body: the answer's start; each message's own is shorter than its JSON. */
const FRAMING_TOKENS = 16;
/** The preamble that tools bring along; OpenAI documents none, measured are about ten tokens. */
const TOOL_FRAMING_TOKENS = 256;
/** The dearest image of any chat model: gpt-4o-mini, high detail, 2833 + 8 tiles of 5667 tokens (OpenAI, Vision guide). */
export const IMAGE_TOKENS = 48_169;
/** Billed framing: 3 tokens for each message and 3 for the answer's start (OpenAI cookbook, "How to count tokens"). */
const MESSAGE_TOKENS = 3;
const PRIMING_TOKENS = 3;
/** What the cookbook's count may be off by for each message (names, tool calls). */
const MESSAGE_MARGIN_TOKENS = 8;

/** A parsed chat request has messages. */
const messagesOf = ({ body }: ModelRequest): readonly Readonly<Record<string, unknown>>[] =>
  body['messages'] as readonly Record<string, unknown>[];

/** `unseen`: parts whose tokens are not in the body, such as files and earlier answers in audio that only an id names. */
function partsOf(request: ModelRequest): { images: number; unseen: number } {
  let [images, unseen] = [0, 0];
  for (const { content, audio } of messagesOf(request)) {
    if (audio != null) unseen += 1;
    if (!Array.isArray(content)) continue;
    for (const part of content) {
      const type: unknown = (part as { type?: unknown } | null)?.type;
      if (type === 'image_url') images += 1;
      else if (type === 'file') unseen += 1;
    }
  }
  return { images, unseen };
}

function framingTokens({ body }: ModelRequest): number {
  return body['tools'] == null && body['functions'] == null
    ? FRAMING_TOKENS
    : FRAMING_TOKENS + TOOL_FRAMING_TOKENS;
}

/**
 * The most input tokens a request can have. A token of a byte-level BPE is at least one byte of the body; images
 * have a bound of their own; a file can be anything up to the context window, which bounds everything.
 * @throws TollgateError `parameter_not_supported` for a file or earlier audio to a model whose context window is unknown
 */
export function boundInputTokens(request: ModelRequest, model: CatalogueModel): number {
  const { images, unseen } = partsOf(request);
  if (unseen > 0) {
    if (model.contextWindow) return model.contextWindow;
    throw new TollgateError(
      'parameter_not_supported',
      'Files and earlier audio cannot be bounded for a model whose context window is unknown.',
      { param: 'messages' },
    );
  }
  const bound = request.bytes.length + framingTokens(request) + images * IMAGE_TOKENS;
  return Math.min(bound, model.contextWindow ?? bound);
}

function textOf(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) textOf(item, into);
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) textOf(item, into);
  }
}

/** A message without its images and audio, which have bounds of their own. */
function withoutMedia(message: Readonly<Record<string, unknown>>): unknown {
  if (!Array.isArray(message['content'])) return message;
  const content = message['content'].map((part: unknown) => {
    const type = (part as { type?: unknown } | null)?.type;
    return type === 'image_url' || type === 'input_audio' ? { ...(part as object), [type]: undefined } : part;
  });
  return { ...message, content };
}

function audioBytes(request: ModelRequest): number {
  const parts = messagesOf(request).flatMap(({ content }): unknown[] =>
    Array.isArray(content) ? content : [],
  );
  const audio = parts.filter((part) => (part as { type?: unknown } | null)?.type === 'input_audio');
  return audio.length === 0 ? 0 : JSON.stringify(audio).length;
}

/** What to count for exact input tokens: all text of the messages, and tools and schemas as JSON. */
export function countableInput(request: ModelRequest): CountableInput {
  const texts: string[] = [];
  for (const message of messagesOf(request)) textOf(withoutMedia(message), texts);
  const { tools, functions, response_format: format, prediction } = request.body;
  for (const extra of [tools, functions, format, prediction])
    if (extra != null) texts.push(JSON.stringify(extra));
  const { images, unseen } = partsOf(request);
  return {
    texts,
    overheadTokens:
      MESSAGE_TOKENS * messagesOf(request).length +
      PRIMING_TOKENS +
      images * IMAGE_TOKENS +
      audioBytes(request),
    // What is not in the body cannot be counted: the bound by the context window stays.
    marginTokens:
      unseen > 0
        ? Number.POSITIVE_INFINITY
        : framingTokens(request) + MESSAGE_MARGIN_TOKENS * messagesOf(request).length,
    tokenFactor: 1,
  };
}
