import type { AnswerPlan } from './answer-plan.js';
import { isJsonObject } from './json-value.js';
import type { CallProblem, ModelCall } from './model-call.js';
import { openAiErrorBody } from './openai-error.js';
import type { ResponseIdentity, StreamFrame, WireRenderer } from './wire-renderer.js';

const DEFAULT_DIMENSIONS = 1536;

/** The inputs of a request, which may be one text, one list of tokens, or a list of either. */
function inputsOf(body: unknown): readonly unknown[] {
  const input = isJsonObject(body) ? body['input'] : undefined;
  if (!Array.isArray(input)) return input === undefined ? [] : [input];
  return typeof input[0] === 'number' ? [input] : input;
}

/** Parses the JSON body of an embeddings call. */
export function parseEmbeddingsCall(body: unknown): ModelCall | CallProblem {
  if (!isJsonObject(body) || typeof body['model'] !== 'string' || body['model'] === '')
    return { message: 'you must provide a model parameter', param: 'model' };
  const inputs = inputsOf(body);
  if (inputs.length === 0) return { message: "Invalid 'input': expected a text.", param: 'input' };
  let textLength = 0;
  // A token counts as much as four characters, so that a list of n tokens is n tokens long.
  for (const input of inputs)
    textLength += Array.isArray(input) ? 4 * input.length : typeof input === 'string' ? input.length : 0;
  return {
    wire: 'embeddings',
    model: body['model'],
    isStream: false,
    includeUsage: false,
    choiceCount: inputs.length,
    maxTokens: 0,
    messageCount: 0,
    textLength,
    offersTools: false,
    endsWithToolResult: false,
  };
}

/** OpenAI's embeddings for one request (API reference, "Embeddings"); vectors depend on nothing but their index. */
export class EmbeddingsWire implements WireRenderer {
  readonly requestIdHeader = 'x-request-id';

  constructor(private readonly body: unknown) {}

  /** The `list` of `embedding` objects, as numbers or in base64 as the request asks. */
  plainBody(plan: AnswerPlan, { model }: ResponseIdentity): string {
    const { inputTokens } = plan.usage;
    return JSON.stringify({
      object: 'list',
      data: Array.from({ length: plan.choiceCount }, (_, index) => ({
        object: 'embedding',
        index,
        embedding: this.#vector(index),
      })),
      model,
      ...(plan.omitUsage ? {} : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
    });
  }

  /** None: embeddings are not streamed. */
  streamFrames(): readonly StreamFrame[] {
    return [];
  }

  /** OpenAI's envelope. */
  errorBody = openAiErrorBody;

  #vector(index: number): readonly number[] | string {
    const { dimensions, encoding_format: encoding } = isJsonObject(this.body) ? this.body : {};
    const length = typeof dimensions === 'number' ? dimensions : DEFAULT_DIMENSIONS;
    const numbers = Float32Array.from({ length }, (_, place) => 1 / (1 + index + place));
    return encoding === 'base64' ? Buffer.from(numbers.buffer).toString('base64') : [...numbers];
  }
}
