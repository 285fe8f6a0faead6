import { describe, expect, it } from '@jest/globals';
import { etagOf, readCondition, writeCondition } from './conditions.js';
import { parseRunId } from './run-id.js';

const invalid = expect.objectContaining({ code: 'invalid_header' });

describe('the conditions of a request', () => {
  it('name one version, none, or any', () => {
    expect(writeCondition({ 'if-match': '"3"' })).toBe(3);
    expect(writeCondition({ 'if-match': etagOf(Number.MAX_SAFE_INTEGER) })).toBe(Number.MAX_SAFE_INTEGER);
    expect(writeCondition({ 'if-none-match': '*' })).toBe(0);
    expect(writeCondition({})).toBeUndefined();
    expect(readCondition({ 'if-none-match': '"12"' })).toBe(12);
    expect(readCondition({})).toBeUndefined();
  });

  it.each([
    '',
    '3',
    '"0"',
    '"03"',
    '"-1"',
    '"1.0"',
    '"9007199254740992"',
    '"99999999999999999"',
    'W/"3"',
    '"3", "4"',
    '"3" ',
    '*',
    '"x"',
  ])('are refused when they are anything else: %j', (tag) => {
    expect(() => writeCondition({ 'if-match': tag })).toThrow(invalid);
    expect(() => readCondition({ 'if-none-match': tag })).toThrow(invalid);
    if (tag !== '*') expect(() => writeCondition({ 'if-none-match': tag })).toThrow(invalid);
  });

  it('are refused when there are two', () => {
    expect(() => writeCondition({ 'if-match': '"3"', 'if-none-match': '*' })).toThrow(invalid);
  });
});

describe('a run id', () => {
  it.each(['a', '0-_.:~Z', 'a'.repeat(200), '...', '.a', '%'.replace('%', '-')])('may be %j', (id) => {
    expect(parseRunId(id)).toBe(id);
  });

  it.each([
    '',
    '.',
    '..',
    'a/b',
    '../x',
    'a b',
    'a\n',
    '\u0000',
    'ä',
    'a%2F',
    'a'.repeat(201),
    'a'.repeat(300),
  ])('may not be %j', (id) => {
    expect(() => parseRunId(id)).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'run_id' }),
    );
  });
});
