import { MAX_PACK_MEMBERS, type OffloadQueue, type PackIndex } from '@tollgate/stores';
import type { Ages } from '../ages.js';
import { buildPack, chooseClaims } from '../pack/build-pack.js';

/** What a dry run needs. */
export interface DryRunOptions {
  readonly queue: OffloadQueue;
  readonly packs: PackIndex;
  readonly ages: Ages;
  readonly batchSize: number;
  readonly onProgress?: (report: DryRunReport) => void;
}

/** What a round would do. */
export interface DryRunReport {
  readonly archived: number;
  readonly failed: number;
  readonly packs: number;
  readonly packBytes: number;
  /** Of those that it would archive, how many are past the retention. */
  readonly evictable: number;
}

/** Builds every pack that a round would write, one after the other, and writes nothing at all. */
export async function dryRun(options: DryRunOptions, signal?: AbortSignal): Promise<DryRunReport> {
  let total: DryRunReport = { archived: 0, failed: 0, packs: 0, packBytes: 0, evictable: 0 };
  for (const tenantId of await options.queue.listTenants(options.ages.olderThanSeconds))
    total = await addTenant(options, tenantId, total, signal);
  return total;
}

async function addTenant(
  { queue, packs, ages, batchSize, onProgress }: DryRunOptions,
  tenantId: string,
  before: DryRunReport,
  signal: AbortSignal | undefined,
): Promise<DryRunReport> {
  let total = before;
  let due = await queue.peek(tenantId, ages, MAX_PACK_MEMBERS);
  while (due.length > 0 && !signal?.aborted) {
    const { chosen } = chooseClaims(due);
    const { pack, packed, unreadable } = await buildPack(packs, tenantId, chosen, batchSize);
    const inPack = new Set(packed.map(({ claim }) => claim.runId));
    const failed = new Set(unreadable.map(({ runId }) => runId));
    total = {
      archived: total.archived + inPack.size,
      failed: total.failed + failed.size,
      packs: total.packs + (pack ? 1 : 0),
      packBytes: total.packBytes + (pack?.body.length ?? 0),
      evictable:
        total.evictable + due.filter(({ runId, isEvictable }) => isEvictable && inPack.has(runId)).length,
    };
    onProgress?.(total);
    // A pack may be full before its last run: that one begins the next.
    const last =
      due.findLast(({ runId }) => inPack.has(runId) || failed.has(runId)) ?? due[chosen.length - 1];
    due = await queue.peek(tenantId, ages, MAX_PACK_MEMBERS, last?.cursor);
  }
  return total;
}
