import {
  documentOf,
  formatPackKey,
  PackWriter,
  verifyPack,
  type ArchiveAlarms,
  type ArchiveStore,
  type CompactionIndex,
  type IndexedPack,
  type Move,
  type PackIndex,
  type ScrubIndex,
} from '@tollgate/stores';
import { uuidV7 } from '@tollgate/domain';
import { readPack } from '../scrub/read-pack.js';

/** A pack with at least this share of dead members is written anew. */
const DEAD_SHARE = 0.5;
const PACKS_AT_ONCE = 20;

/** What compacting needs. */
export interface CompactOptions {
  readonly index: CompactionIndex;
  readonly packs: PackIndex;
  readonly members: ScrubIndex;
  readonly alarms: ArchiveAlarms;
  readonly archive: ArchiveStore;
  readonly deadShare?: number;
  /** Told when a new pack is announced, written, proved and in force. */
  readonly onStep?: (step: 'announced' | 'uploaded' | 'verified' | 'swapped') => void | Promise<void>;
}

/** What a compaction did. */
export interface CompactReport {
  /** Packs that nothing points to any more; the garbage collection deletes them. */
  readonly emptied: number;
  readonly moved: number;
  readonly written: number;
}

/** Writes what is alive of worn packs into new ones: new pack → proof → swap of the entries; the old ones go later. */
export class Compaction {
  constructor(private readonly options: CompactOptions) {}

  /** @throws ArchiveStoreError when the archive is away */
  async run(signal?: AbortSignal): Promise<CompactReport> {
    const { index, deadShare = DEAD_SHARE } = this.options;
    let report: CompactReport = { emptied: 0, moved: 0, written: 0 };
    let after: string | undefined;
    for (;;) {
      const worn = signal?.aborted ? [] : await index.listPacks(deadShare, PACKS_AT_ONCE, after);
      if (worn.length === 0) return report;
      const { emptied, moved } = await this.#compact(worn);
      report = {
        emptied: report.emptied + emptied,
        moved: report.moved + moved,
        written: report.written + (moved > 0 ? 1 : 0),
      };
      // What could not be moved is not tried again in this run.
      after = moved === 0 ? worn.at(-1)?.id : undefined;
    }
  }

  // As many worn packs of a tenant as fit into one new pack.
  async #compact(worn: readonly IndexedPack[]): Promise<{ emptied: number; moved: number }> {
    const tenantId = worn[0]?.tenantId ?? '';
    const writer = new PackWriter(tenantId);
    const moves: Move[] = [];
    let emptied = 0;
    for (const pack of worn) {
      const added = await this.#add(pack, writer, moves);
      if (added === 'full') break;
      if (added === 'added') emptied += 1;
    }
    return { emptied, moved: moves.length > 0 ? await this.#write(tenantId, writer, moves) : 0 };
  }

  async #add(pack: IndexedPack, writer: PackWriter, moves: Move[]): Promise<'added' | 'full' | 'damaged'> {
    const { archive, alarms, members: index } = this.options;
    const { members, damage } = await readPack(archive, pack);
    if (damage) {
      await alarms.raise({ ...damage, packId: pack.id, key: pack.key });
      await index.markLost(pack.id);
      return 'damaged';
    }
    const byRun = new Map(members.map((member) => [member.runId, member]));
    for (const { runId, version } of await index.listMembers(pack.id)) {
      const member = byRun.get(runId);
      if (member?.version !== version) return 'damaged'; // scrub raises the alarm
      if (!writer.tryAdd(member.entry, documentOf(member.entry, member.line))) return 'full';
      moves.push({ runId, version, fromPackId: pack.id });
    }
    return 'added';
  }

  async #write(tenantId: string, writer: PackWriter, moves: readonly Move[]): Promise<number> {
    const { index, packs, archive, onStep } = this.options;
    const pack = writer.finish();
    const id = uuidV7(Date.now());
    const newPack = { id, tenantId, pack, key: formatPackKey(tenantId, id, pack.sha256) };
    await packs.open(newPack);
    await onStep?.('announced');
    try {
      await archive.put(newPack.key, pack.body, pack.metadata);
      await onStep?.('uploaded');
      verifyPack(await archive.get(newPack.key), {
        sha256: pack.sha256,
        sizeBytes: pack.body.length,
        tenantId,
      });
      await onStep?.('verified');
      const moved = await index.swap(newPack, moves);
      await onStep?.('swapped');
      return moved;
    } catch (error) {
      await packs.abandon(id);
      throw error;
    }
  }
}
