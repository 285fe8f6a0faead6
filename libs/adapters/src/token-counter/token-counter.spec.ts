import { afterEach, describe, expect, it } from '@jest/globals';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { encodingOf, TokenCounter } from './token-counter.js';

/** One long word: the tokeniser takes minutes for it. */
const STUCK = 'ab'.repeat(500_000);

describe('TokenCounter', () => {
  let counter: TokenCounter;
  afterEach(() => counter.close());

  it('counts the tokens of all texts together, by encoding', async () => {
    counter = new TokenCounter();
    const texts = ['Hello world', 'Grüße aus Köln', '日本語のテキスト', ''];
    const each = texts.map((text) => countO200k(text));
    expect(await counter.count(texts, 'o200k_base')).toBe(each.reduce((sum, tokens) => sum + tokens));
    expect(await counter.count(['日本語のテキスト'], 'cl100k_base')).toBeGreaterThan(each[2] ?? Infinity);
  });

  it('needs no worker for nothing', async () => {
    counter = new TokenCounter(0);
    expect(await counter.count([], 'o200k_base')).toBe(0);
    expect(await counter.count(['', ''], 'o200k_base')).toBe(0);
  });

  it('counts special tokens as the text that they are', async () => {
    counter = new TokenCounter();
    const tokens = await counter.count(['<|endoftext|><|im_start|>'], 'o200k_base');
    expect(tokens).toBeGreaterThan(6);
  });

  it('answers tasks that wait at the same time each with its own count', async () => {
    counter = new TokenCounter();
    const words = Array.from({ length: 50 }, (_, index) => ' word'.repeat(index + 1));
    const counts = await Promise.all(words.map((text) => counter.count([text], 'o200k_base')));
    expect(counts).toEqual(words.map((text) => countO200k(text)));
  });

  it('skips a text that it is stuck in, and counts those behind it', async () => {
    counter = new TokenCounter(2500);
    const tasks = [['first'], [STUCK], ['behind it'], [' as well']];
    const counts = await Promise.all(tasks.map((texts) => counter.count(texts, 'o200k_base')));
    expect(counts).toEqual([1, undefined, 2, 2]);
    expect(await counter.count(['later'], 'o200k_base')).toBe(1);
  });

  it('resolves what waits when it is closed, and lets the process end', async () => {
    counter = new TokenCounter();
    const waiting = [counter.count([STUCK], 'o200k_base'), counter.count(['behind it'], 'o200k_base')];
    await counter.close();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    await counter.close();
  });

  it('takes at most 10,000 tasks', async () => {
    counter = new TokenCounter();
    const waiting = Array.from({ length: 10_000 }, () => counter.count(['word'], 'o200k_base'));
    expect(await counter.count(['one more'], 'o200k_base')).toBeUndefined();
    expect(await waiting[9999]).toBe(1);
    expect(await counter.count(['one more'], 'o200k_base')).toBe(2);
  });
});

describe('encodingOf', () => {
  it.each([
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-4o', 'o200k_base'],
    ['gpt-4o-mini', 'o200k_base'],
    ['gpt-4.1', 'o200k_base'],
    ['gpt-4.5-preview', 'o200k_base'],
    ['gpt-5', 'o200k_base'],
    ['o3', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['ft:gpt-3.5-turbo-0125:acme::x', 'cl100k_base'],
    ['ft:gpt-4o-2024-08-06:acme::x', 'o200k_base'],
  ])('of %s is %s', (model, encoding) => {
    expect(encodingOf(model)).toBe(encoding);
  });
});
