import type { OffloadQueue } from '@tollgate/stores';
import type { Offload, OffloadReport } from '../offload.js';

/** What a round needs. */
export interface RoundOptions {
  readonly queue: OffloadQueue;
  readonly offload: Offload;
  readonly olderThanSeconds: number;
  /** Packs under way at once. */
  readonly lanes: number;
  /** Told after each pack, with all that happened so far and what that pack came to. */
  readonly onProgress?: (total: RoundReport, last: OffloadReport) => void;
}

/** All that a round did. */
export type RoundReport = OffloadReport & { readonly packs: number };

const NOTHING: RoundReport = {
  claimed: 0,
  archived: 0,
  changed: 0,
  failed: 0,
  leaseLosses: 0,
  packBytes: 0,
  packs: 0,
};

const add = (
  total: RoundReport,
  { claimed, archived, changed, failed, leaseLosses, packBytes }: OffloadReport,
): RoundReport => ({
  claimed: total.claimed + claimed,
  archived: total.archived + archived,
  changed: total.changed + changed,
  failed: total.failed + failed,
  leaseLosses: total.leaseLosses + leaseLosses,
  packBytes: total.packBytes + packBytes,
  packs: total.packs + (packBytes > 0 ? 1 : 0),
});

/**
 * Archives everything that is due, a pack of each tenant in turn: a tenant with a million runs does not make the
 * others wait.
 */
export class Round {
  constructor(private readonly options: RoundOptions) {}

  /** @throws ArchiveStoreError when the archive is away; what was archived stays archived */
  async run(signal?: AbortSignal): Promise<RoundReport> {
    const { queue, offload, olderThanSeconds, lanes, onProgress } = this.options;
    let total: RoundReport = NOTHING;
    for (;;) {
      const tenants = await queue.listTenants(olderThanSeconds);
      if (tenants.length === 0 || signal?.aborted) return total;
      const before = total.claimed;
      const lane = async (): Promise<void> => {
        for (
          let tenant = tenants.shift();
          tenant !== undefined && !signal?.aborted;
          tenant = tenants.shift()
        ) {
          const report = await offload.archiveNext(tenant);
          total = add(total, report);
          onProgress?.(total, report);
        }
      };
      // A tenant with much to do may have several packs under way.
      if (tenants.length < lanes) tenants.push(...tenants.slice(0, lanes - tenants.length));
      const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
      const failed = ended.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (total.claimed === before) return total; // others hold what is due
    }
  }
}
