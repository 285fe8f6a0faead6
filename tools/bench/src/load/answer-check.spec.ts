import { describe, expect, it } from '@jest/globals';
import { CONTENT_CHUNKS, findFault } from './answer-check.js';

const plain = Buffer.from('{"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":6}}');
const event = 'data: {"choices":[]}\n\n';

describe('findFault', () => {
  it('finds none in a whole answer', () => {
    const stream = Buffer.from(`${event.repeat(CONTENT_CHUNKS)}data: [DONE]\n\n`);
    expect(findFault('plain', 200, plain)).toBeUndefined();
    expect(findFault('stream', 200, stream)).toBeUndefined();
  });

  it('names the status and the code of an error', () => {
    const body = Buffer.from('{"error":{"message":"no","code":"insufficient_quota"}}');
    expect(findFault('plain', 429, body)).toBe('429 insufficient_quota');
    expect(findFault('stream', 502, Buffer.alloc(0))).toBe('502');
  });

  it('finds what is cut or lost', () => {
    const lost = Buffer.from(`${event.repeat(CONTENT_CHUNKS - 1)}data: [DONE]\n\n`);
    expect(findFault('plain', 200, plain.subarray(0, -2))).toBe('incomplete answer');
    expect(findFault('stream', 200, Buffer.from(event))).toBe('stream without its end');
    expect(findFault('stream', 200, Buffer.alloc(0))).toBe('stream without its end');
    expect(findFault('stream', 200, lost)).toBe('stream with lost events');
  });
});
