import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { ArchiveStore, ScrubIndex } from '@tollgate/stores';
import type { Pool } from 'pg';
import { readPack } from '../scrub/read-pack.js';
import { INVARIANTS, type Invariant } from './invariants.sql.js';

const AT_ONCE = 100;
const MAX_PROBLEMS = 1000;

/** One promise that is broken. */
export interface Breach {
  readonly invariant: Invariant;
  readonly tenantId: string;
  /** The run, or the key of a pack. */
  readonly subject: string;
  readonly problem: string;
}

/** What a check of everything found. */
export interface FsckReport {
  readonly checkpoints: number;
  readonly packs: number;
  /** At most a thousand. */
  readonly breaches: readonly Breach[];
}

/** What checking needs. */
export interface FsckOptions {
  readonly pool: Pool;
  readonly index: ScrubIndex;
  readonly archive: ArchiveStore;
  readonly onProgress?: (checked: { readonly checkpoints: number; readonly packs: number }) => void;
}

/**
 * Checks all five promises: by the tables, by unpacking and hashing each document in the database, and by reading and
 * proving each pack. Changes nothing.
 */
export class Fsck {
  readonly #breaches: Breach[] = [];
  #checkpoints = 0;
  #packs = 0;

  constructor(private readonly options: FsckOptions) {}

  /** @throws ArchiveStoreError when the archive is away */
  async run(signal?: AbortSignal): Promise<FsckReport> {
    await this.#checkTables();
    await this.#checkDocuments(signal);
    await this.#checkPacks(signal);
    return { checkpoints: this.#checkpoints, packs: this.#packs, breaches: this.#breaches };
  }

  #found(breach: Breach): void {
    if (this.#breaches.length < MAX_PROBLEMS) this.#breaches.push(breach);
  }

  async #checkTables(): Promise<void> {
    for (const [invariant, sql] of INVARIANTS) {
      const { rows } = await this.options.pool.query<{ tenant_id: string; run_id: string; problem: string }>(
        `${sql} LIMIT ${MAX_PROBLEMS}`,
      );
      for (const { tenant_id: tenantId, run_id: subject, problem } of rows)
        this.#found({ invariant, tenantId, subject, problem });
    }
  }

  async #checkDocuments(signal: AbortSignal | undefined): Promise<void> {
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const { rows } = await this.options.pool.query<DocumentRow>(
        `SELECT tenant_id, run_id, document, document_bytes, content_hash FROM checkpoints
         WHERE (tenant_id, run_id) > ($1, $2) ORDER BY tenant_id, run_id LIMIT ${AT_ONCE}`,
        [...after],
      );
      for (const row of rows) {
        if (!isWhole(row))
          this.#found({
            invariant: 'A1',
            tenantId: row.tenant_id,
            subject: row.run_id,
            problem: 'the document in the database is not the one that was stored',
          });
        after = [row.tenant_id, row.run_id];
      }
      this.#checkpoints += rows.length;
      this.#report();
      if (rows.length < AT_ONCE || signal?.aborted) return;
    }
  }

  async #checkPacks(signal: AbortSignal | undefined): Promise<void> {
    const { index, archive } = this.options;
    let after: string | undefined;
    for (;;) {
      const packs = await index.listPacks({ part: 1, of: 1 }, AT_ONCE, after);
      for (const pack of packs) {
        if (signal?.aborted) return;
        const { members, damage } = await readPack(archive, pack);
        const indexed = await index.listMembers(pack.id);
        const proved = new Map(members?.map((member) => [member.runId, member]));
        const { tenantId } = pack;
        if (damage && indexed.length > 0)
          this.#found({
            invariant: damage.kind === 'loss' ? 'A3' : 'A1',
            tenantId,
            subject: pack.key,
            problem: damage.detail,
          });
        for (const { runId, version, offset, length, sha256 } of damage ? [] : indexed) {
          const member = proved.get(runId);
          const isRight = member?.version === version && member.offset === offset && member.length === length;
          if (!isRight || !member.sha256.equals(sha256))
            this.#found({
              invariant: 'A1',
              tenantId,
              subject: runId,
              problem: 'the pack holds something else',
            });
        }
        this.#packs += 1;
        this.#checkpoints += indexed.filter(({ isEvicted }) => isEvicted).length;
        this.#report();
        after = pack.id;
      }
      if (packs.length < AT_ONCE) return;
    }
  }

  #report(): void {
    this.options.onProgress?.({ checkpoints: this.#checkpoints, packs: this.#packs });
  }
}

interface DocumentRow {
  readonly tenant_id: string;
  readonly run_id: string;
  readonly document: Buffer;
  readonly document_bytes: number;
  readonly content_hash: Buffer;
}

function isWhole({ document, document_bytes: sizeBytes, content_hash: hash }: DocumentRow): boolean {
  try {
    const bytes = gunzipSync(document, { maxOutputLength: Math.max(1, sizeBytes) });
    return bytes.length === sizeBytes && createHash('sha256').update(bytes).digest().equals(hash);
  } catch {
    return false; // gzip's complaint says nothing more
  }
}
