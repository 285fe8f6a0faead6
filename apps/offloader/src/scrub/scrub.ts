import type {
  ArchiveAlarms,
  ArchiveStore,
  IndexedPack,
  ScrubIndex,
  Subset,
  VerifiedMember,
} from '@tollgate/stores';
import { readPack, type Damage } from './read-pack.js';

const PACKS_AT_ONCE = 100;

/** What scrubbing needs. */
export interface ScrubOptions {
  readonly index: ScrubIndex;
  readonly alarms: ArchiveAlarms;
  readonly archive: ArchiveStore;
  /** Told after each pack, with all that was found so far and whether that pack was damaged. */
  readonly onProgress?: (report: ScrubReport, isDamaged: boolean) => void;
}

/** What a scrub found. */
export interface ScrubReport {
  readonly packs: number;
  readonly bytes: number;
  /** Packs that are not what they were: each has an alarm. */
  readonly damaged: number;
  /** Checkpoints of damaged packs that were still in the database, and are packed again. */
  readonly revived: number;
}

/** Reads packs again, long after they were written, and proves that they still hold what the index says. */
export class Scrub {
  constructor(private readonly options: ScrubOptions) {}

  /** @throws ArchiveStoreError when the archive is away */
  async run(subset: Subset = { part: 1, of: 1 }, signal?: AbortSignal): Promise<ScrubReport> {
    const { index, onProgress } = this.options;
    let report: ScrubReport = { packs: 0, bytes: 0, damaged: 0, revived: 0 };
    let after: string | undefined;
    for (;;) {
      const packs = await index.listPacks(subset, PACKS_AT_ONCE, after);
      for (const pack of packs) {
        if (signal?.aborted) return report;
        const revived = await this.check(pack);
        report = {
          packs: report.packs + 1,
          bytes: report.bytes + pack.sizeBytes,
          damaged: report.damaged + (revived === undefined ? 0 : 1),
          revived: report.revived + (revived ?? 0),
        };
        onProgress?.(report, revived !== undefined);
        after = pack.id;
      }
      if (packs.length < PACKS_AT_ONCE) return report;
    }
  }

  /** Proves one pack. Undefined: it is right; else how many of its checkpoints are live again. */
  async check(pack: IndexedPack): Promise<number | undefined> {
    const { index, alarms, archive } = this.options;
    const { members, damage } = await readPack(archive, pack);
    const found = damage ?? (await this.#compare(pack, members));
    if (!found) {
      await index.markScrubbed(pack.id);
      return undefined;
    }
    await alarms.raise({ ...found, packId: pack.id, key: pack.key });
    return index.markLost(pack.id);
  }

  async #compare({ id }: IndexedPack, members: readonly VerifiedMember[]): Promise<Damage | undefined> {
    const byRun = new Map(members.map((member) => [member.runId, member]));
    const isRight = (await this.options.index.listMembers(id)).every(
      ({ runId, version, offset, length, sha256 }) => {
        const member = byRun.get(runId);
        return (
          member?.version === version &&
          member.offset === offset &&
          member.length === length &&
          member.sha256.equals(sha256)
        );
      },
    );
    return isRight ? undefined : { kind: 'corruption', detail: 'the index and the pack disagree' };
  }
}
