import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonObject } from './json-object.js';

const parse = (text: string): Record<string, unknown> => parseJsonObject(Buffer.from(text));
const refusal = (message: string): object =>
  expect.objectContaining({ code: 'invalid_json', message: expect.stringContaining(message) });

/** Any JSON object, with keys and strings that are full of JSON's own characters. */
const tricky = fc.string({ unit: fc.constantFrom('"', '\\', ':', '{', '}', '[', ']', ',', 'a', '€', '\n') });
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    tricky,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(tricky, tie('value'), { maxKeys: 4 }),
  ),
}));
const anyObject = fc.dictionary(fc.oneof(tricky, fc.string()), anyJson, { maxKeys: 6 });
/** What JSON.stringify takes for its indentation. */
const blanks = fc.constantFrom('', ' ', '\t', '  ');

/** Writes a string with every character escaped. */
const escaped = (text: string): string =>
  `"${[...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;

describe('parseJsonObject', () => {
  it('parses every object that has each of its keys once', () => {
    fc.assert(
      fc.property(anyObject, blanks, (object, space) => {
        const text = JSON.stringify(object, null, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every object that has a key twice at the top, however it is written', () => {
    fc.assert(
      fc.property(anyObject, anyJson, fc.nat(), fc.boolean(), (object, value, pick, isEscaped) => {
        const entries = Object.entries(object);
        const [key] = entries[pick % Math.max(1, entries.length)] ?? [];
        fc.pre(key !== undefined);
        const members = entries.map(([name, of]) => `${JSON.stringify(name)}:${JSON.stringify(of)}`);
        const again = isEscaped ? escaped(key) : JSON.stringify(key);
        members.splice(pick % (members.length + 1), 0, `${again} : ${JSON.stringify(value)}`);
        expect(() => parse(`{${members.join(',')}}`)).toThrow(refusal('twice'));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{"model":"a","model":"b"}',
    '{"model":"a","mod\\u0065l":"b"}',
    '{"\\u006dodel":"a","messages":[{"model":"c"}],"model":"b"}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
  ])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow(refusal('twice'));
  });

  it.each([
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1},{"b":2}],"b":3}',
    '{"a":"\\"b\\":1","b":"\\\\"}',
    '{"a:":":","b\\"":"\\\\\\""}',
    '{"__proto__":1}',
    ' \t\n{ "a" \n:\t1 }\r\n',
    '{}',
  ])('allows %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('allows 128 levels of nesting and no more', () => {
    const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(parse(nested(128))).toHaveProperty('a');
    expect(() => parse(nested(129))).toThrow(refusal('128 levels'));
    expect(parse(JSON.stringify({ a: '['.repeat(1000) }))).toHaveProperty('a');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['blanks', Buffer.from('  '), 'not valid JSON'],
    ['a byte order mark', Buffer.from('\uFEFF{"a":1}'), 'not valid JSON'],
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), 'not valid UTF-8'],
    ['an encoded surrogate', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]), 'not valid UTF-8'],
    ['half an object', Buffer.from('{"secret-prompt":'), 'not valid JSON'],
    ['two objects', Buffer.from('{}{}'), 'not valid JSON'],
    ['an array', Buffer.from('[]'), 'must be a JSON object'],
    ['null', Buffer.from('null'), 'must be a JSON object'],
    ['a string', Buffer.from('"{}"'), 'must be a JSON object'],
  ])('refuses %s, and quotes nothing of it', (_, bytes, message) => {
    expect(() => parseJsonObject(bytes)).toThrow(refusal(message));
    expect(() => parseJsonObject(bytes)).not.toThrow(/secret/);
  });

  it('takes time in proportion to the body, backslashes included', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(500_000) });
    expect(parse(text)).toHaveProperty('a');
  });
});
