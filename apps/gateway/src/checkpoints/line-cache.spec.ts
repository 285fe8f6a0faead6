import { describe, expect, it } from '@jest/globals';
import { LineCache } from './line-cache.js';

describe('LineCache', () => {
  const held = (cache: LineCache): string => ['a', 'b', 'c', 'd'].filter((key) => cache.get(key)).join('');

  it('lets go of what was not asked for longest, as soon as there is too much', () => {
    const cache = new LineCache(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, Buffer.alloc(30, key));
    expect(cache.get('a')).toEqual(Buffer.alloc(30, 'a'));
    cache.set('d', Buffer.alloc(30, 'd'));
    expect(held(cache)).toBe('acd');
    cache.set('b', Buffer.alloc(60));
    expect(held(cache)).toBe('bd');
  });

  it('counts a line once, however often it is set', () => {
    const cache = new LineCache(100);
    for (let n = 0; n < 10; n += 1) cache.set('a', Buffer.alloc(40));
    cache.set('b', Buffer.alloc(60));
    expect(held(cache)).toBe('ab');
  });

  it('holds nothing that is larger than all of it, and drops nothing for it', () => {
    const cache = new LineCache(100);
    cache.set('a', Buffer.alloc(100));
    cache.set('b', Buffer.alloc(101));
    expect(held(cache)).toBe('a');
    const none = new LineCache(0);
    none.set('a', Buffer.alloc(1));
    expect(held(none)).toBe('');
  });
});
