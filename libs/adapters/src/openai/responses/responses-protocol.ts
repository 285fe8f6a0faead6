import { TollgateError } from '@tollgate/domain';
import type { CountableInput } from '../../model-adapter.js';
import type { ModelRequest } from '../../model-request.js';
import { withMembers } from '../../wire/with-members.js';
import type { WireProtocol } from '../../wire/wire-protocol.js';
import { IMAGE_TOKENS } from '../chat/input-bound.js';
import { parseResponsesRequest } from './responses-request.js';
import { ResponsesStream } from './responses-stream.js';
import { parseResponsesUsage, responsesText } from './responses-usage.js';

/** Framing that is not in the body, tools' preamble included. */
const FRAMING_TOKENS = 512;
const ITEM_TOKENS = 8;

interface Found {
  readonly texts: string[];
  items: number;
  images: number;
  /** Files, whose tokens are not in the body. */
  unseen: number;
}

function visit(value: unknown, found: Found): void {
  if (typeof value === 'string') found.texts.push(value);
  else if (Array.isArray(value)) for (const part of value) visit(part, found);
  else if (typeof value === 'object' && value !== null) {
    found.items += 1;
    const { type } = value as { type?: unknown };
    if (type === 'input_image' || type === 'computer_screenshot') found.images += 1;
    else if (type === 'input_file') found.unseen += 1;
    else for (const part of Object.values(value)) visit(part, found);
  }
}

function partsOf({ body }: ModelRequest): Found {
  const found: Found = { texts: [], items: 0, images: 0, unseen: 0 };
  visit([body['instructions'], body['input'], body['tools'], body['text']], found);
  return found;
}

function countableInput(request: ModelRequest): CountableInput {
  const { texts, items, images, unseen } = partsOf(request);
  return {
    texts,
    overheadTokens: images * IMAGE_TOKENS,
    marginTokens: unseen > 0 ? Number.POSITIVE_INFINITY : FRAMING_TOKENS + items * ITEM_TOKENS,
    tokenFactor: 1,
  };
}

/** OpenAI's responses, none of them stored. */
export const responsesProtocol: WireProtocol = {
  wire: 'responses',
  path: '/responses',
  parse: parseResponsesRequest,
  boundInputTokens(request, { contextWindow }) {
    const { images, unseen } = partsOf(request);
    const bound = request.bytes.length + FRAMING_TOKENS + images * IMAGE_TOKENS;
    if (unseen === 0) return Math.min(bound, contextWindow ?? bound);
    if (contextWindow) return contextWindow;
    throw new TollgateError(
      'parameter_not_supported',
      'Files cannot be bounded for a model whose context window is unknown.',
      { param: 'input' },
    );
  },
  countableInput,
  format: ({ request, model, outputCap }) =>
    withMembers(request, {
      ...(request.model !== model.upstreamId && { model: model.upstreamId }),
      ...(request.outputCap === undefined && { max_output_tokens: outputCap }),
      ...(request.body['store'] !== false && { store: false }),
    }),
  bill(answer) {
    const { object, usage } = (answer ?? {}) as { object?: unknown; usage?: unknown };
    if (object !== 'response') return undefined;
    const parsed = parseResponsesUsage(usage);
    return parsed ? { kind: 'reported', usage: parsed } : { kind: 'counted', text: responsesText(answer) };
  },
  watch: () => new ResponsesStream(),
};
