import { describe, expect, it } from '@jest/globals';
import { parseBenchOptions } from './bench-options.js';

describe('parseBenchOptions', () => {
  it('measures everything with what the specification asks for', () => {
    const options = parseBenchOptions([]);
    expect(options).toMatchObject({
      only: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'],
      requests: 20_000,
    });
  });

  it('takes figures in any case, and requests over --quick', () => {
    expect(parseBenchOptions(['--only', 's1, S3', '--quick', '--requests', '500'])).toMatchObject({
      only: ['S1', 'S3'],
      requests: 500,
    });
  });

  it.each([['--only', 'S9'], ['--requests', '5'], ['--requests', 'many'], ['--fast']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseBenchOptions(args)).toThrow(/--/);
    },
  );
});
