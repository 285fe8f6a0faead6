import { describe, expect, it } from '@jest/globals';
import { Output, formatTable } from './output.js';

const TABLE = {
  headings: ['A', 'LONG'],
  rows: [
    ['first', '1'],
    ['b', ''],
  ],
};

describe('Output', () => {
  it('sets columns of even width on a terminal', () => {
    expect(formatTable(TABLE, true)).toBe('A      LONG\nfirst  1\nb\n');
  });

  it('puts one tab between cells elsewhere', () => {
    expect(formatTable(TABLE, false)).toBe('A\tLONG\nfirst\t1\nb\t\n');
  });

  it('writes JSON in snake case, null for what is not set, and hints beside it', () => {
    const [out, err] = [[] as string[], [] as string[]];
    const streams = {
      out: { write: (text: string) => out.push(text) },
      err: { write: (text: string) => err.push(text) },
    };
    const output = new Output(streams, true);
    output.result({ costNanoUsd: 0, items: [{ agentId: undefined }] }, TABLE);
    output.hint('Look.');
    expect(JSON.parse(out.join(''))).toEqual({ cost_nano_usd: 0, items: [{ agent_id: null }] });
    expect(err).toEqual(['Look.\n']);
  });
});
