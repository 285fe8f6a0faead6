import { TollgateError } from '@tollgate/domain';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import type { ChatRequest } from '../chat/chat-request.js';

/** Chat framing and tool preamble that are not in the body: far above the few tokens that OpenAI documents. */
const FRAMING_TOKENS = 256;
/** The dearest image of any chat model: gpt-4o-mini, high detail, 2833 + 8 tiles of 5667 tokens (OpenAI, Vision guide). */
const IMAGE_TOKENS = 48_169;
/** For counting: role, separators and name of one message (OpenAI cookbook: 3 or 4). */
const MESSAGE_OVERHEAD_TOKENS = 8;

function partsOf(request: ChatRequest): { images: number; files: number } {
  let [images, files] = [0, 0];
  for (const { content } of request.messages) {
    if (!Array.isArray(content)) continue;
    for (const part of content) {
      const type: unknown = (part as { type?: unknown } | null)?.type;
      if (type === 'image_url') images += 1;
      else if (type === 'file') files += 1;
    }
  }
  return { images, files };
}

/**
 * The most input tokens a request can have. A token of a byte-level BPE is at least one byte of the body; images
 * have a bound of their own; a file can be anything up to the context window, which bounds everything.
 * @throws TollgateError `parameter_not_supported` for a file to a model whose context window is unknown
 */
export function boundInputTokens(request: ChatRequest, model: CatalogueModel): number {
  const { images, files } = partsOf(request);
  if (files > 0) {
    if (model.contextWindow) return model.contextWindow;
    throw new TollgateError(
      'parameter_not_supported',
      'Files cannot be bounded for a model whose context window is unknown.',
      { param: 'messages' },
    );
  }
  const bound = request.bytes.length + FRAMING_TOKENS + images * IMAGE_TOKENS;
  return Math.min(bound, model.contextWindow ?? bound);
}

function textOf(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) textOf(item, into);
  else if (typeof value === 'object' && value !== null) {
    const { type } = value as { type?: unknown };
    if (type === 'image_url' || type === 'input_audio') return;
    for (const item of Object.values(value)) textOf(item, into);
  }
}

/** What to count for an exact bound: all text of the messages, and tools and schemas as JSON. */
export function countableInput(request: ChatRequest): { text: string; overheadTokens: number } {
  const texts: string[] = [];
  for (const message of request.messages) textOf(message, texts);
  const { tools, functions, response_format: format, prediction } = request.body;
  for (const extra of [tools, functions, format, prediction])
    if (extra != null) texts.push(JSON.stringify(extra));
  const { images } = partsOf(request);
  const audioBytes =
    JSON.stringify(
      request.messages.filter(
        ({ content }) =>
          Array.isArray(content) &&
          content.some((part) => (part as { type?: unknown } | null)?.type === 'input_audio'),
      ),
    ).length - 2;
  return {
    text: texts.join('\n'),
    overheadTokens:
      16 + MESSAGE_OVERHEAD_TOKENS * request.messages.length + images * IMAGE_TOKENS + audioBytes,
  };
}
