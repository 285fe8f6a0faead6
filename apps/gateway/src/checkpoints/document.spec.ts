import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatLine } from '@tollgate/stores';
import fc from 'fast-check';
import { readDocument, type CheckpointDocument } from './document.js';

const MAX = 1000;
const read = (text: string, agentId: string | null = null): CheckpointDocument =>
  readDocument(Buffer.from(text), agentId, MAX);
const bytesOf = (text: string, agentId: string | null = null): string => read(text, agentId).bytes.toString();

function lineOf({ bytes, contentHash }: CheckpointDocument): string {
  const at = new Date('2026-11-20T01:02:03.004Z');
  const head = { runId: 'r', version: 3, createdAt: at, updatedAt: at, contentHash };
  return formatLine(head, bytes).toString();
}

describe('a document', () => {
  it.each([
    '{}',
    '{ }',
    '{"a":1}',
    '{ "a" : 1 ,  "b":[1, 2] }',
    '{"n":123456789012345678901234567890.0e+400,"z":-0,"e":1E2}',
    '{"s":"\\u0000 \\ud800 \\/ \\u0041","":1,"__proto__":{"polluted":true},"constructor":null}',
    '{"text":"Grüße 🚏","nested":{"run_id":"inner","version":[{"version":9}]}}',
    '{"quotes":"\\"","path":"C:\\\\","both":"\\\\\\"","brace":"}{][,:"}',
  ])('is the bytes that were sent: %s', (text) => {
    const { bytes, contentHash } = read(text);
    expect(bytes.toString()).toBe(text);
    expect(contentHash).toEqual(hash('sha256', text, 'buffer'));
  });

  it('has no line breaks and nothing around it', () => {
    expect(bytesOf('\r\n {\n  "a": "\\n",\r\n\t"b": [\n1,\n2]\n}\n')).toBe('{  "a": "\\n",\t"b": [1,2]}');
  });

  it.each([
    ['{"run_id":"r","version":3,"a":1,"content_hash":"x"}', '{"a":1}'],
    ['{"a":1,"created_at":"t"}', '{"a":1}'],
    ['{"a":1 , "created_at":"t" }', '{"a":1  }'],
    ['{"updated_at":{"deep":[",","}"]},"version":1}', '{}'],
    ['{ "a":1, "version":2, "b":3 }', '{ "a":1,  "b":3 }'],
    ['{"a":1,"version":2,"created_at":3}', '{"a":1}'],
    ['{"v\\u0065rsion":2,"a":"version"}', '{"a":"version"}'],
  ])('has none of the members that are the server’s: %s', (text, expected) => {
    expect(bytesOf(text)).toBe(expected);
  });

  it('names the agent who writes, unless it names one itself', () => {
    expect(bytesOf('{}', 'planner')).toBe('{"agent_id":"planner"}');
    expect(bytesOf('{"version":1}', 'planner')).toBe('{"agent_id":"planner"}');
    expect(bytesOf('{"a":1 }', 'planner')).toBe('{"a":1 ,"agent_id":"planner"}');
    expect(read('{"a":1}', 'planner').fields.agent_id).toBe('planner');
    expect(bytesOf('{"agent_id":"writer"}', 'planner')).toBe('{"agent_id":"writer"}');
    expect(bytesOf('{"agent_id":null}', 'planner')).toBe('{"agent_id":null}');
  });

  it('gives the fields that are known, and keeps to what they may be', () => {
    const text =
      '{"workflow_id":"wf","status":"completed","next_step_index":7,"step_outputs":[1],"metadata":{"k":[]},' +
      '"last_result_hash":"h","started_at":"2026-11-20T01:02:03Z","ended_at":"2026-11-20T01:02:03.123456","other":true}';
    expect(read(text).fields).toMatchObject({
      workflow_id: 'wf',
      status: 'completed',
      next_step_index: 7,
    });
    expect(read('{}').fields.status).toBe('running');
  });

  it.each([
    ['', 'invalid_json', undefined],
    ['null', 'invalid_json', undefined],
    ['[1]', 'invalid_json', undefined],
    ['"text"', 'invalid_json', undefined],
    ['{"a":1', 'invalid_json', undefined],
    ['{"a":1}{}', 'invalid_json', undefined],
    ['\ufeff{}', 'invalid_json', undefined],
    ['{"a":1,"a":2}', 'invalid_request', undefined],
    ['{"a":1,"\\u0061":2}', 'invalid_request', undefined],
    ['{"__proto__":1,"__proto__":2}', 'invalid_request', undefined],
    ['{"version":1,"version":2}', 'invalid_request', undefined],
    ['{"status":"done"}', 'invalid_request', 'status'],
    ['{"status":null}', 'invalid_request', 'status'],
    ['{"next_step_index":-1}', 'invalid_request', 'next_step_index'],
    ['{"next_step_index":1.5}', 'invalid_request', 'next_step_index'],
    ['{"next_step_index":9007199254740992}', 'invalid_request', 'next_step_index'],
    ['{"next_step_index":1e999}', 'invalid_request', 'next_step_index'],
    ['{"workflow_id":""}', 'invalid_request', 'workflow_id'],
    ['{"workflow_id":"\\u0000"}', 'invalid_request', 'workflow_id'],
    ['{"workflow_id":"\\ud800"}', 'invalid_request', 'workflow_id'],
    ['{"agent_id":"two words"}', 'invalid_request', 'agent_id'],
    ['{"metadata":[]}', 'invalid_request', 'metadata'],
    ['{"started_at":"yesterday"}', 'invalid_request', 'started_at'],
  ])('is refused, without a word of it: %j', (text, code, param) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code,
        param,
        message: expect.not.stringMatching(/yesterday|two words|done"/),
      }),
    );
  });

  it('is refused when its bytes are not UTF-8', () => {
    const body = Buffer.from([...Buffer.from('{"a":"'), 0xc3, 0x28, ...Buffer.from('"}')]);
    expect(() => readDocument(body, null, MAX)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('may be as large as is allowed, and no byte more; what is cut does not count', () => {
    const fit = `{"a":"${'x'.repeat(MAX - 8)}"}`;
    expect(bytesOf(`{"run_id":"r",${fit.slice(1)}\n`)).toBe(fit);
    expect(() => read(fit.replace('x', 'xx'))).toThrow(
      expect.objectContaining({
        code: 'checkpoint_too_large',
        facts: { limit_bytes: MAX, document_bytes: MAX + 1 },
      }),
    );
  });

  const blank = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
  const key = fc.oneof(
    fc.constantFrom('run_id', 'version', 'content_hash', 'created_at', '__proto__', 'toString'),
    fc.string(),
  );
  const anyMember = fc.tuple(key, fc.json(), blank, blank, blank, blank);
  const anyObject = fc
    .uniqueArray(anyMember, { selector: ([name]) => name, maxLength: 8 })
    .map(
      (members) =>
        `{${members.map(([name, value, a, b, c, d]) => `${a}${JSON.stringify(name)}${b}:${c}${value}${d}`).join(',')}}`,
    );

  it('can be read and written back for ever, and stays the same bytes', () => {
    fc.assert(
      fc.property(anyObject, fc.constantFrom(null, 'planner'), (text, agentId) => {
        const document = readDocument(Buffer.from(text), agentId, 1e6);
        const line = lineOf(document);
        const again = readDocument(Buffer.from(line), agentId, 1e6);
        expect(again.bytes.toString()).toBe(document.bytes.toString());
        expect(lineOf(again)).toBe(line);
      }),
      { numRuns: 1000 },
    );
  });

  it('says what was sent, but for the members of the server', () => {
    fc.assert(
      fc.property(anyObject, (text) => {
        const sent = Object.entries(JSON.parse(text) as object);
        const own = new Set(['run_id', 'version', 'created_at', 'updated_at', 'content_hash']);
        const kept = Object.entries(
          JSON.parse(readDocument(Buffer.from(text), null, 1e6).bytes.toString()) as object,
        );
        expect(kept).toEqual(sent.filter(([name]) => !own.has(name)));
      }),
      { numRuns: 1000 },
    );
  });
});
