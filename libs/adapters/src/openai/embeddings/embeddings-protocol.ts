import { NO_TOKENS } from '@tollgate/domain';
import { z } from 'zod';
import type { CountableInput } from '../../model-adapter.js';
import type { ModelRequest } from '../../model-request.js';
import { checkBody } from '../../wire/check-body.js';
import { parseJsonObject } from '../../wire/json-object.js';
import { withMembers } from '../../wire/with-members.js';
import type { StreamWatcher, WireProtocol } from '../../wire/wire-protocol.js';

const FRAMING_TOKENS = 16;
const NO_HEADERS = {};

const tokens = z.array(z.int().min(0)).min(1);
const schema = z.object({
  model: z.string().min(1).max(200),
  input: z.union(
    [
      z.string().min(1),
      tokens,
      z
        .array(z.union([z.string().min(1), tokens]))
        .min(1)
        .max(2048),
    ],
    {
      error: 'expected a text, a list of texts, or tokens',
    },
  ),
});
const usageSchema = z.object({
  data: z.array(z.unknown()),
  usage: z.object({ prompt_tokens: z.int().min(0).max(1_000_000_000) }),
});

function parse(bytes: Buffer): ModelRequest {
  const body = parseJsonObject(bytes);
  const parsed = checkBody(schema, body);
  return {
    wire: 'embeddings',
    bytes,
    body,
    model: parsed.model,
    stream: false,
    wantsUsage: false,
    outputCap: undefined,
    choices: 0,
    headers: NO_HEADERS,
  };
}

function countableInput({ body }: ModelRequest): CountableInput {
  const inputs: unknown[] = Array.isArray(body['input']) ? body['input'].flat() : [body['input']];
  const texts = inputs.filter((input) => typeof input === 'string');
  return {
    texts,
    // What is not a text is a token.
    overheadTokens: inputs.length - texts.length,
    marginTokens: FRAMING_TOKENS + texts.length,
    tokenFactor: 1,
  };
}

/** OpenAI's embeddings. */
export const embeddingsProtocol: WireProtocol = {
  wire: 'embeddings',
  path: '/embeddings',
  parse,
  // A token is at least one byte of a text, and as a number with its comma at least two.
  boundInputTokens: ({ bytes }) => bytes.length,
  countableInput,
  format: ({ request, model }) =>
    withMembers(request, request.model === model.upstreamId ? {} : { model: model.upstreamId }),
  bill(answer) {
    const parsed = usageSchema.safeParse(answer);
    if (!parsed.success) return undefined;
    return { kind: 'reported', usage: { ...NO_TOKENS, inputTokens: parsed.data.usage.prompt_tokens } };
  },
  watch: (): StreamWatcher => {
    throw new Error('embeddings are no stream');
  },
};
