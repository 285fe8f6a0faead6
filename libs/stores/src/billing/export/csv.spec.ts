import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine } from './csv.js';

/** Reads a line as RFC 4180 says. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(line); match; match = pattern.exec(line))
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  return cells;
}

describe('csvLine', () => {
  it('quotes what needs it, and leaves the rest alone', () => {
    expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\r\nlines', null, '', 7, -7, { exact: '-0.5' }])).toBe(
      'plain,"a,b","say ""hi""","two\r\nlines",,,7,-7,-0.5\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('does not let %j be a formula', (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  });

  it('is read back as it was written, but for the quote before a formula', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '-', '"', ',', '\r', '\n', 'a', "'", ' ', 'é') });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (cells) => {
        const read = readLine(csvLine(cells));
        expect(read).toEqual(cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)));
        for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});
