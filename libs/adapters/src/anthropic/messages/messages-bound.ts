import { TollgateError } from '@tollgate/domain';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { CountableInput } from '../../model-adapter.js';
import type { ModelRequest } from '../../model-request.js';

/** Framing that is not in the body. */
const FRAMING_TOKENS = 64;
/** What tools bring along: their own prompt is 264 to 813 tokens, those of computer use about as much again (Anthropic, Tool use). */
const TOOL_FRAMING_TOKENS = 4096;
/** The dearest image: 2576 × 2576 pixels / 750, rounded up (Anthropic, Vision). */
const IMAGE_TOKENS = 9000;
/** Claude's encodings are not public; measured against o200k they make up to half as many tokens again, in code more. */
const TOKEN_FACTOR = 1.6;

interface Found {
  readonly texts: string[];
  images: number;
  /** Parts whose tokens are not in the body: PDFs, files and pages that only an id or an address names. */
  unseen: number;
}

function visit(value: unknown, found: Found): void {
  if (typeof value === 'string') found.texts.push(value);
  else if (Array.isArray(value)) for (const item of value) visit(item, found);
  else if (typeof value === 'object' && value !== null) visitObject(value as Record<string, unknown>, found);
}

function visitObject(value: Readonly<Record<string, unknown>>, found: Found): void {
  const { type, source } = value;
  if (type === 'image') found.images += 1;
  else if (type === 'document' && (source as { type?: unknown } | null)?.type !== 'text') found.unseen += 1;
  else if (type === 'container_upload') found.unseen += 1;
  else for (const item of Object.values(value)) visit(item, found);
}

function partsOf({ body }: ModelRequest): Found {
  const found: Found = { texts: [], images: 0, unseen: 0 };
  visit([body['system'], body['messages'], body['tools']], found);
  return found;
}

/**
 * The most input tokens a request can have. A token is at least one byte of the body; images have a bound of their
 * own; a document can be anything up to the context window, which bounds everything.
 * @throws TollgateError `parameter_not_supported` for a document to a model whose context window is unknown
 */
export function boundMessagesInput(request: ModelRequest, model: CatalogueModel): number {
  const { images, unseen } = partsOf(request);
  if (unseen > 0) {
    if (model.contextWindow) return model.contextWindow;
    throw new TollgateError(
      'parameter_not_supported',
      'Documents cannot be bounded for a model whose context window is unknown.',
      { param: 'messages' },
    );
  }
  const framing = FRAMING_TOKENS + (request.body['tools'] == null ? 0 : TOOL_FRAMING_TOKENS);
  const bound = request.bytes.length + framing + images * IMAGE_TOKENS;
  return Math.min(bound, model.contextWindow ?? bound);
}

/** What to count when no usage was reported. It is an estimate, so the bound by the length is never lowered to it. */
export function countableMessages(request: ModelRequest): CountableInput {
  const { texts, images } = partsOf(request);
  return {
    texts,
    overheadTokens: FRAMING_TOKENS + images * IMAGE_TOKENS,
    marginTokens: Number.POSITIVE_INFINITY,
    tokenFactor: TOKEN_FACTOR,
  };
}
