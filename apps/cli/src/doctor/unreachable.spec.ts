import { describe, expect, it } from '@jest/globals';
import { unreachable } from './unreachable.js';

const TARGET = { name: 'X', variable: 'X_URL', why: 'Why.', remedies: { E1: 'Own remedy' } };
const coded = (code: string): Error => Object.assign(new Error('at s3cret.example'), { code });

describe('unreachable', () => {
  it.each([
    { thrown: coded('ECONNREFUSED'), code: 'ECONNREFUSED', remedy: 'Start it, or correct host and port' },
    { thrown: coded('E1'), code: 'E1', remedy: 'Own remedy' },
    {
      thrown: new Error('fetch failed', { cause: coded('ENOTFOUND') }),
      code: 'ENOTFOUND',
      remedy: 'Correct the host: no address is known for it',
    },
    {
      thrown: new AggregateError([coded('ECONNREFUSED')]),
      code: 'ECONNREFUSED',
      remedy: 'Start it, or correct host and port',
    },
    {
      thrown: new Error('timeout exceeded when trying to connect'),
      code: 'timeout',
      remedy: 'Look for a firewall on the way, and whether it is overloaded',
    },
    { thrown: coded('user:s3cret@host'), code: 'Error', remedy: 'Look at what the code says' },
    { thrown: 's3cret', code: 'unknown', remedy: 'Look at what the code says' },
  ])('names $code and what to do, and never a message', ({ thrown, code, remedy }) => {
    expect(unreachable(TARGET, thrown)).toEqual({
      level: 'error',
      what: `X cannot be used (${code}).`,
      why: 'Why.',
      remedy: `${remedy}: X_URL.`,
    });
  });
});
