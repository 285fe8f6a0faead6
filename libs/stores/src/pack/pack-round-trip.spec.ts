import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatLine } from './line.js';
import type { PackEntryHead } from './manifest.js';
import { readManifest, readMember, verifyPack } from './pack-reader.js';
import { MAX_PACK_BYTES, MAX_PACK_MEMBERS, PackWriter } from './pack-writer.js';
import { sampleCheckpoint, type SampleCheckpoint } from './testing/sample-checkpoint.js';

const nullable = fc.option(fc.string({ unit: 'binary' }));
const time = fc.date({ noInvalidDate: true });
const head = fc.record({
  // Any UTF-16 at all, lone surrogates too.
  runId: fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  status: fc.constantFrom('running', 'paused', 'completed', 'aborted', 'failed'),
  agentId: nullable,
  workflowId: nullable,
  nextStepIndex: fc.option(fc.maxSafeInteger()),
  createdAt: time,
  updatedAt: time,
});
const document = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{}',
    ' { \t}',
    '{"__proto__":{"a":1},"__proto__":2}',
    '{"n":123456789012345678901234567890.10e+400,"z":-0,"e":1E5}',
    '{"s":"\\u0000\\ud800 \\uD83D\\uDE00 \u2028"}',
    '{ "spaced" : [ 1 ,\t2 ] }',
  ),
);

function packOf(
  tenantId: string,
  checkpoints: readonly SampleCheckpoint[],
): ReturnType<PackWriter['finish']> {
  const writer = new PackWriter(tenantId);
  for (const { entry, document: bytes } of checkpoints) expect(writer.tryAdd(entry, bytes)).toBe(true);
  return writer.finish();
}

describe('a pack', () => {
  it('gives every checkpoint back byte for byte, whole and by range, and its index too', () => {
    const checkpoints = fc.array(
      fc.tuple(head, document).map(([entry, text]) => sampleCheckpoint(text, entry as PackEntryHead)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(checkpoints, fc.string(), (samples, tenantId) => {
        const { body, sha256, members } = packOf(tenantId, samples);
        const lines = samples.map(({ entry, document: bytes }) => formatLine(entry, bytes));
        const verified = verifyPack(body, { sha256, sizeBytes: body.length, tenantId });
        expect(verified.map(({ line }) => line)).toEqual(lines);
        expect(verified.map(({ entry }) => entry)).toEqual(samples.map(({ entry }) => entry));
        expect(readManifest(body)).toEqual({ tenantId, members, entries: samples.map(({ entry }) => entry) });
        const ranges = members.map(({ offset, length }) => body.subarray(offset, offset + length));
        expect(ranges.map((range, i) => readMember(range, members[i] ?? { sha256 }))).toEqual(lines);
      }),
    );
  });

  it('answers lines that are the document with its head in front', () => {
    const { entry, document: bytes } = sampleCheckpoint('{"a":1.0}');
    const known =
      '"run_id":"run-1","version":3,"created_at":"2026-11-20T01:02:03.004Z","updated_at":"2026-11-20T05:06:07.008Z","content_hash":"9df0c4ec56cbe4a18efbf0d4b9f20f8d8f67bcda37b90cb2b1a55bc8d1bde4ee"';
    const hash = Buffer.from(known.slice(-65, -1), 'hex');
    expect(formatLine({ ...entry, contentHash: hash }, bytes).toString()).toBe(`{${known},"a":1.0}`);
    expect(formatLine({ ...entry, contentHash: hash }, Buffer.from(' {\t }')).toString()).toBe(
      `{${known}\t }`,
    );
    for (const bad of ['', '[]', 'null', '{"a":\n1}'])
      expect(() => formatLine(entry, Buffer.from(bad))).toThrow('not one JSON object on one line');
  });

  it('describes itself in its metadata and in a manifest of one line', () => {
    const { entry, document: bytes } = sampleCheckpoint('{}');
    const { body, sha256, members, metadata } = packOf('acme', [{ entry, document: bytes }]);
    expect(metadata).toEqual({
      sha256: sha256.toString('hex'),
      bytes: String(body.length),
      members: '1',
      format: '1',
    });
    const [member] = members;
    expect(member).toMatchObject({ runId: 'run-1', version: 3, offset: 0 });
    expect(JSON.parse(unzipped(body, ['tail', '-n', '1']))).toEqual({
      format: 1,
      tenant_id: 'acme',
      members: [['run-1', 3, 0, member?.length, member?.sha256.toString('hex')]],
      entries: [
        {
          status: 'completed',
          agent_id: 'planner',
          workflow_id: null,
          next_step_index: 7,
          document_bytes: 2,
          content_hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
          created_at: '2026-11-20T01:02:03.004Z',
          updated_at: '2026-11-20T05:06:07.008Z',
        },
      ],
    });
  });

  it('is read by zcat alone', () => {
    const samples = ['{"a":"é"}', '{}', `{"long":"${'x'.repeat(9000)}"}`].map((text) =>
      sampleCheckpoint(text),
    );
    const lines = samples.map(({ entry, document: bytes }) => `${formatLine(entry, bytes).toString()}\n`);
    expect(unzipped(packOf('acme', samples).body, ['sed', '$d'])).toBe(lines.join(''));
  });

  it('takes 1,000 checkpoints or 8 MiB of lines, and a larger one alone', () => {
    const many = new PackWriter('acme');
    const { entry, document: bytes } = sampleCheckpoint('{}');
    for (let i = 0; i < MAX_PACK_MEMBERS; i += 1) expect(many.tryAdd(entry, bytes)).toBe(true);
    expect([many.isFull, many.tryAdd(entry, bytes)]).toEqual([true, false]);
    expect(many.finish().members).toHaveLength(MAX_PACK_MEMBERS);

    const large = new PackWriter('acme');
    const huge = sampleCheckpoint(`{"a":"${'x'.repeat(MAX_PACK_BYTES)}"}`);
    expect(large.tryAdd(huge.entry, huge.document)).toBe(true);
    expect([large.isFull, large.tryAdd(entry, bytes)]).toEqual([true, false]);
    const behind = new PackWriter('acme');
    expect([behind.tryAdd(entry, bytes), behind.tryAdd(huge.entry, huge.document)]).toEqual([true, false]);
    expect(behind.isFull).toBe(false);
  });

  it('takes no document that is not the one that was stored, and none beyond all bounds', () => {
    const { entry } = sampleCheckpoint('{"a":1}');
    const writer = new PackWriter('acme');
    expect(() => writer.tryAdd(entry, Buffer.from('{"a":2}'))).toThrow('not the one that was stored');
    const huge = sampleCheckpoint(`{"a":"${'x'.repeat(18 * 1024 * 1024)}"}`);
    expect(() => writer.tryAdd(huge.entry, huge.document)).toThrow('too large for a pack');
  });
});

/** What an operator without our code sees. */
function unzipped(body: Buffer, [command = '', ...args]: readonly string[]): string {
  return execFileSync(command, args, { input: execFileSync('zcat', { input: body }), encoding: 'utf8' });
}
