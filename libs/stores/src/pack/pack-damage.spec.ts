import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { formatManifest, type PackManifest } from './manifest.js';
import { formatMember, MAX_LINE_BYTES } from './member.js';
import { PackError } from './pack-error.js';
import { readManifest, readMember, verifyPack } from './pack-reader.js';
import { PackWriter, type Pack } from './pack-writer.js';
import { sampleCheckpoint } from './testing/sample-checkpoint.js';

const TENANT = 'acme';

function smallPack(tenantId = TENANT): Pack {
  const writer = new PackWriter(tenantId);
  for (const runId of ['run-1', 'run-2', 'run-3']) {
    const { entry, document } = sampleCheckpoint(`{"of":"${runId}"}`, { runId });
    writer.tryAdd(entry, document);
  }
  return writer.finish();
}

/** Why a pack is not read, or `right` when it is. */
function verdict(read: () => unknown): string {
  try {
    read();
    return 'right';
  } catch (error) {
    if (error instanceof PackError) return error.reason;
    throw error;
  }
}

/** As though the pack had been written like this: its own length and hash are right. */
function verdictOf(body: Buffer, tenantId = TENANT): string {
  return verdict(() =>
    verifyPack(body, { sha256: hash('sha256', body, 'buffer'), sizeBytes: body.length, tenantId }),
  );
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}

describe('a damaged pack', () => {
  const pack = smallPack();
  const { body, members } = pack;
  const expected = { sha256: pack.sha256, sizeBytes: body.length, tenantId: TENANT };
  const slices = members.map(({ offset, length }) => body.subarray(offset, offset + length));
  const [first = body, second = body, third = body] = slices;
  const manifestMember = body.subarray(slices.reduce((sum, slice) => sum + slice.length, 0));

  it('is read when nothing is wrong', () => {
    expect(verdict(() => verifyPack(body, expected))).toBe('right');
  });

  it('is never read with any one bit flipped', () => {
    const verdicts = new Set<string>();
    for (let at = 0; at < body.length; at += 1)
      for (let bit = 0; bit < 8; bit += 1)
        verdicts.add(verdict(() => verifyPack(flipped(body, at, 1 << bit), expected)));
    expect([...verdicts]).toEqual(['checksum']);
  });

  it('never gives another line than the archived one, whichever bit of a member is flipped', () => {
    const member = members[1] ?? { sha256: pack.sha256 };
    const line = readMember(second, member);
    const verdicts: string[] = [];
    for (let at = 0; at < second.length; at += 1)
      for (let bit = 0; bit < 8; bit += 1)
        verdicts.push(
          verdict(() => {
            const read = readMember(flipped(second, at, 1 << bit), member);
            if (!read.equals(line)) throw new Error('A wrong line was read.');
          }),
        );
    // Gzip has bits without a meaning, its timestamp for one: there the line is right all the same.
    expect(new Set(verdicts)).toEqual(new Set(['right', 'checksum', 'truncated']));
    expect(verdicts.filter((found) => found === 'right').length).toBeLessThan(10 * 8);
  });

  it('is never read when it is cut, at whatever byte', () => {
    const [asWritten, asItIs, asMember] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (let length = 0; length < body.length; length += 1) {
      asWritten.add(verdict(() => verifyPack(body.subarray(0, length), expected)));
      asItIs.add(verdictOf(body.subarray(0, length)));
    }
    for (let length = 0; length < second.length; length += 1)
      asMember.add(verdict(() => readMember(second.subarray(0, length), members[1] ?? expected)));
    expect([asWritten, asItIs, asMember].map((verdicts) => [...verdicts])).toEqual(
      Array.from({ length: 3 }, () => ['truncated']),
    );
  });

  it('is known to be cut between members, which gunzip does not notice', () => {
    expect(verdictOf(Buffer.concat([first, second, third]))).toBe('truncated');
    expect(verdictOf(Buffer.concat([first, second]))).toBe('truncated');
    expect(verdictOf(first)).toBe('truncated');
  });

  it('is not read with members swapped, missing, doubled, or followed by anything', () => {
    expect(verdictOf(Buffer.concat([second, first, third, manifestMember]))).not.toBe('right');
    expect(verdictOf(Buffer.concat([first, third, manifestMember]))).not.toBe('right');
    expect(verdictOf(Buffer.concat([first, first, third, manifestMember]))).not.toBe('right');
    expect(verdictOf(Buffer.concat([body, manifestMember]))).not.toBe('right');
    expect(verdictOf(Buffer.concat([first, second, third, gzipSync('{}\n'), manifestMember]))).not.toBe(
      'right',
    );
    expect(verdictOf(Buffer.concat([body, Buffer.alloc(3)]))).toBe('checksum');
    expect(verdict(() => verifyPack(Buffer.concat([body, body]), expected))).toBe('checksum');
  });

  it('is not read for another tenant', () => {
    expect(verdictOf(smallPack('globex').body)).toBe('foreign');
    expect(verdictOf(body, 'globex')).toBe('foreign');
  });

  it('is not read in a later format, and says so', () => {
    const later = formatMember(Buffer.from('{"format":2,"anything":"else"}'));
    expect(verdictOf(Buffer.concat([first, later]))).toBe('format');
  });

  it.each(['null', '[]', '"x"', '{}', '{"run_id":"r","format":1}'])(
    'counts a last line %s as a manifest that is missing',
    (line) => {
      expect(verdict(() => readManifest(formatMember(Buffer.from(line))))).toBe('truncated');
    },
  );

  it.each(['{', '{"format":1}', '{"format":0}', '{"format":"2"}'])('refuses a manifest %s', (line) => {
    expect(verdict(() => readManifest(formatMember(Buffer.from(line))))).toBe('manifest');
  });

  it('unpacks nothing without a bound', () => {
    const bomb = gzipSync(Buffer.alloc(8 * MAX_LINE_BYTES, ' '));
    expect(bomb.length).toBeLessThan(200_000);
    expect(verdict(() => readMember(bomb, expected))).toBe('format');
    expect(verdictOf(bomb)).toBe('format');
  });

  it('is never read as what its writer wrote when it is another one, even one that is whole', () => {
    const { contents } = pack;
    const other = readAs(smallPack('globex'));
    expect(readAs(pack)).toBe('right');
    expect(other).toBe('manifest');

    function readAs({ body: bytes, sha256 }: Pack): string {
      const told = { sha256, sizeBytes: bytes.length, tenantId: TENANT, contents };
      return verdict(() => verifyPack(bytes, told));
    }
  });

  it("is never read by its writer when a member's line is not the one that was hashed", () => {
    const lines = Buffer.concat([formatMember(Buffer.from('{"of":"somebody else"}')), second, third]);
    const bytes = Buffer.concat([lines, formatMember(pack.contents.line)]);
    const told = { sha256: hash('sha256', bytes, 'buffer'), sizeBytes: bytes.length, tenantId: TENANT };
    const { contents } = pack;
    expect(['manifest', 'checksum']).toContain(verdict(() => verifyPack(bytes, { ...told, contents })));
  });

  describe('whose manifest lies', () => {
    const told = readManifest(body);
    const [member, ...others] = told.members;
    const [entry, ...otherEntries] = told.entries;
    if (!member || !entry) throw new Error('The pack is empty.');
    const lines = Buffer.concat([first, second, third]);

    function verdictOfManifest(lie: Partial<PackManifest>): string {
      return verdictOf(
        Buffer.concat([lines, formatMember(Buffer.from(formatManifest({ ...told, ...lie })))]),
      );
    }

    it('is read only with the true one', () => {
      expect(verdictOfManifest({})).toBe('right');
    });

    it.each<[string, object]>([
      ['the run', { runId: 'run-9' }],
      ['the version', { version: 4 }],
      ['the hash', { sha256: Buffer.alloc(32) }],
      ['the place', { offset: 1 }],
      ['the length', { length: first.length - 1 }],
      ['a length beyond the pack', { length: body.length + 1 }],
      ['a length over two members', { length: first.length + second.length }],
    ])('is not read when it lies about %s', (_, lie) => {
      expect(verdictOfManifest({ members: [{ ...member, ...lie }, ...others] })).not.toBe('right');
    });

    it.each<[string, object]>([
      ['the hash of the document', { contentHash: Buffer.alloc(32) }],
      ['when it was created', { createdAt: new Date(0) }],
      ['when it was updated', { updatedAt: new Date(0) }],
    ])('is not read when it lies about %s', (_, lie) => {
      expect(verdictOfManifest({ entries: [{ ...entry, ...lie }, ...otherEntries] })).toBe('manifest');
    });

    it('is not read when it leaves a member out, names one twice, or has fewer entries', () => {
      const [secondEntry, thirdEntry] = otherEntries;
      if (!secondEntry || !thirdEntry) throw new Error('The pack is too small.');
      expect(verdictOfManifest({ members: others, entries: otherEntries })).toBe('manifest');
      const shorter = { members: told.members.slice(0, 2), entries: [entry, secondEntry] };
      expect(verdictOfManifest(shorter)).toBe('manifest');
      const doubled = { members: [member, ...told.members], entries: [entry, ...told.entries] };
      expect(verdictOfManifest(doubled)).toBe('manifest');
      expect(verdictOfManifest({ entries: otherEntries })).toBe('manifest');
      expect(verdictOfManifest({ members: [], entries: [] })).toBe('manifest');
    });
  });
});
