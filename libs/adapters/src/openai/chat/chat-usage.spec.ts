import { describe, expect, it } from '@jest/globals';
import { boundNanoUsd, costNanoUsd, NO_TOKENS } from '@tollgate/domain';
import fc from 'fast-check';
import { generatedText, parseUsage } from './chat-usage.js';

describe('parseUsage', () => {
  it('reads totals and the parts that have prices of their own', () => {
    expect(
      parseUsage({
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 20, audio_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 40, audio_tokens: 5 },
      }),
    ).toEqual({
      inputTokens: 100,
      cachedInputTokens: 30,
      cacheWriteTokens: 20,
      inputAudioTokens: 10,
      outputTokens: 50,
      outputAudioTokens: 5,
    });
  });

  it.each([
    undefined,
    null,
    'usage',
    [],
    {},
    { prompt_tokens: 1 },
    { completion_tokens: 1 },
    { prompt_tokens: -1, completion_tokens: 1 },
    { prompt_tokens: 1, completion_tokens: 1.5 },
    { prompt_tokens: '1', completion_tokens: 1 },
    { prompt_tokens: 1, completion_tokens: 1_000_000_001 },
  ])('has none where the totals are not usable: %j', (usage) => {
    expect(parseUsage(usage)).toBeUndefined();
  });

  it('leaves out parts that are not usable', () => {
    const details = { cached_tokens: -5, audio_tokens: 'many', cache_write_tokens: null };
    expect(parseUsage({ prompt_tokens: 5, completion_tokens: 6, prompt_tokens_details: details })).toEqual({
      ...NO_TOKENS,
      inputTokens: 5,
      outputTokens: 6,
    });
    expect(parseUsage({ prompt_tokens: 5, completion_tokens: 6, prompt_tokens_details: null })).toMatchObject(
      { inputTokens: 5 },
    );
  });

  it('never bills a token twice, whatever parts are reported', () => {
    const price = [
      {
        aboveInputTokens: -1,
        input: 1000,
        cachedInput: 100,
        cacheWrite: 1250,
        inputAudio: 10_000,
        output: 4000,
        outputAudio: 20_000,
      },
    ] as const;
    const tokens = fc.nat({ max: 1_000_000 });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        tokens,
        tokens,
        tokens,
        (input, output, cached, written, audio, spoken) => {
          const usage = parseUsage({
            prompt_tokens: input,
            completion_tokens: output,
            prompt_tokens_details: {
              cached_tokens: cached,
              cache_write_tokens: written,
              audio_tokens: audio,
            },
            completion_tokens_details: { audio_tokens: spoken },
          });
          if (!usage) throw new Error('no usage');
          const parts = usage.cachedInputTokens + usage.cacheWriteTokens + usage.inputAudioTokens;
          expect(parts).toBeLessThanOrEqual(input);
          expect(usage.outputAudioTokens).toBeLessThanOrEqual(output);
          expect(costNanoUsd(price, usage)).toBeLessThanOrEqual(boundNanoUsd(price, input, output));
        },
      ),
    );
  });
});

describe('generatedText', () => {
  it('is all that a plain answer generated, in every choice', () => {
    const answer = {
      choices: [
        {
          message: {
            role: 'assistant',
            content: 'Hi ',
            reasoning_content: 'why ',
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          },
        },
        { message: { role: 'assistant', content: null, refusal: 'No.' } },
      ],
    };
    expect(generatedText(answer)).toBe('Hi why f{"a":1}No.');
  });

  it('is what a chunk adds', () => {
    const delta = { content: 'word', tool_calls: [{ index: 0, function: { arguments: '{"' } }] };
    expect(generatedText({ choices: [{ index: 0, delta }] })).toBe('word{"');
  });

  it.each([undefined, null, 5, {}, { choices: {} }, { choices: [null, 5, { delta: null }] }])(
    'is empty where there is none: %j',
    (answer) => {
      expect(generatedText(answer)).toBe('');
    },
  );
});
