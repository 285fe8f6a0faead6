import { describe, expect, it } from '@jest/globals';

import { parseBehaviour } from './behaviour-parser.js';

describe('parseBehaviour', () => {
  it('takes a behaviour as it is', () => {
    const behaviour = {
      chunks: 0,
      toolCalls: [{ name: 'a', arguments: {} }],
      wrongUsage: { promptTokens: 1 },
    };
    expect(parseBehaviour(behaviour)).toBe(behaviour);
  });

  it('names every field it does not know or take', () => {
    expect(() => parseBehaviour({ latency: 1, status: 200, coalesce: 0 })).toThrow(
      'latency is not a behaviour; status cannot be 200; coalesce cannot be 0',
    );
  });

  it('refuses what is not an object', () => {
    expect(() => parseBehaviour([])).toThrow(TypeError);
  });
});
