import { describe, expect, it } from '@jest/globals';
import { NO_TOKENS } from '@tollgate/domain';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { Cancellation } from '../../cancellation.js';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { ModelRequest } from '../../model-request.js';
import { embeddingsProtocol } from './embeddings-protocol.js';

const MODEL: CatalogueModel = {
  id: 'text-embedding-3-small',
  upstreamId: 'text-embedding-3-small',
  modelProvider: 'openai',
  contextWindow: 8192,
  maxOutputTokens: undefined,
  price: undefined,
  priceVersion: 'none',
};
const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
const parse = (more: object): ModelRequest =>
  embeddingsProtocol.parse(bytesOf({ model: MODEL.id, input: 'Hi', ...more }), {});

describe('the embeddings protocol', () => {
  it('reads model and input, and leaves the bytes alone', () => {
    const body = { model: MODEL.id, input: ['a', 'b'], dimensions: 5, brand_new: true };
    expect(embeddingsProtocol.parse(bytesOf(body), { 'x-other': 'a' })).toEqual({
      wire: 'embeddings',
      bytes: bytesOf(body),
      body,
      model: MODEL.id,
      stream: false,
      wantsUsage: false,
      outputCap: undefined,
      choices: 0,
      headers: {},
    });
  });

  it.each(['a', ['a', 'b'], [1, 2, 3], [[1, 2], [3]], ['a', [1]]])('takes the input %j', (input) => {
    expect(parse({ input })).toMatchObject({ body: { input } });
  });

  it.each([
    [{ model: undefined }, 'model'],
    [{ model: '' }, 'model'],
    [{ input: undefined }, 'input'],
    [{ input: null }, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: [[]] }, 'input.0'],
    [{ input: [''] }, 'input.0'],
    [{ input: [1.5] }, 'input'],
    [{ input: [-1] }, 'input.0'],
    [{ input: { text: 'a' } }, 'input'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
  ])('refuses %j and names the parameter', (more, param) => {
    expect(() => parse(more)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it('has a bound that is never below the tokens of its input', () => {
    const options = { disallowedSpecial: new Set<string>() };
    const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });
    const tokens = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.array(fc.oneof(texts, tokens), { minLength: 1, maxLength: 20 }), (input) => {
        const request = parse({ input });
        const truth = input.reduce<number>(
          (sum, one) =>
            sum + (typeof one === 'string' ? countTokens(one.toWellFormed(), options) : one.length),
          0,
        );
        expect(embeddingsProtocol.boundInputTokens(request, MODEL)).toBeGreaterThanOrEqual(truth);
        const counted = embeddingsProtocol.countableInput(request);
        const exact = counted.texts.reduce((sum, text) => sum + countTokens(text, options), 0);
        expect(exact + counted.overheadTokens + counted.marginTokens).toBeGreaterThanOrEqual(truth);
      }),
      { numRuns: 100 },
    );
  });

  it('sends the client’s own bytes, but for an alias', () => {
    const call = { requestId: 'r', model: MODEL, outputCap: 0, cancellation: new Cancellation() };
    const request = parse({ input: 'ü', dimensions: 5 });
    expect(embeddingsProtocol.format({ ...call, request }).equals(request.bytes)).toBe(true);
    const aliased = parse({ model: 'words', dimensions: 5 });
    expect(JSON.parse(embeddingsProtocol.format({ ...call, request: aliased }).toString())).toEqual({
      model: MODEL.id,
      input: 'Hi',
      dimensions: 5,
    });
  });

  it('bills the input that was reported, and knows what is no answer', () => {
    const answer = { object: 'list', data: [], usage: { prompt_tokens: 7, total_tokens: 7 } };
    expect(embeddingsProtocol.bill(answer)).toEqual({
      kind: 'reported',
      usage: { ...NO_TOKENS, inputTokens: 7 },
    });
    for (const other of [
      undefined,
      null,
      5,
      {},
      { data: [] },
      { ...answer, data: null },
      { usage: answer.usage },
    ])
      expect(embeddingsProtocol.bill(other)).toBeUndefined();
  });
});
