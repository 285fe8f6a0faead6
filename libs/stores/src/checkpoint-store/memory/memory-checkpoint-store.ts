import type { Clock } from '@tollgate/domain';
import type { CheckpointDraft, CheckpointHead, FoundCheckpoint, ListedCheckpoint } from '../checkpoint.js';
import { foreignRun, quotaExceeded, runDeleted, versionConflict } from '../checkpoint-refusals.js';
import {
  CheckpointStore,
  type CheckpointPage,
  type CheckpointQuery,
  type CheckpointQuota,
  type DeleteCondition,
  type PutCheckpoint,
  type PutOptions,
} from '../checkpoint-store.js';
import { parseCursor, toPage, type ListPosition } from '../list-cursor.js';

interface Version {
  readonly head: CheckpointHead;
  readonly documentGzip: Buffer;
}

/** The runs of a tenant: their kept versions, newest first, and the last versions of the deleted ones. */
interface TenantRuns {
  readonly live: Map<string, readonly [Version, ...Version[]]>;
  readonly deleted: Map<string, number>;
  bytes: number;
}

/** Checkpoints in the memory of one process, which takes them along when it ends: for trying out and for tests. */
export class MemoryCheckpointStore extends CheckpointStore {
  readonly #tenants = new Map<string, TenantRuns>();

  constructor(private readonly clock: Clock) {
    super();
  }

  // Every method is one synchronous step, so concurrent calls cannot meet.
  async put(
    tenantId: string,
    runId: string,
    draft: CheckpointDraft,
    { ifVersion, boundAgentId, recreate, quota, keepVersions }: PutOptions,
  ): Promise<PutCheckpoint> {
    const runs = this.#runsOf(tenantId);
    const kept = runs.live.get(runId);
    const latest = kept?.[0];
    const deletedVersion = runs.deleted.get(runId);
    if (deletedVersion !== undefined && !recreate) throw runDeleted(deletedVersion);
    const actualVersion = latest?.head.version ?? 0;
    if (latest) checkAgent(latest, boundAgentId);
    if (ifVersion !== undefined && ifVersion !== actualVersion) throw versionConflict(actualVersion);
    const growth = draft.documentGzip.length - (latest?.documentGzip.length ?? 0);
    checkQuota(runs, latest ? 0 : 1, growth, quota);

    const now = new Date(Math.max(this.clock.now(), latest?.head.updatedAt.getTime() ?? 0));
    const { documentGzip, ...facts } = draft;
    const version = (deletedVersion ?? actualVersion) + 1;
    const createdAt = latest?.head.createdAt ?? now;
    const head: CheckpointHead = { runId, version, ...facts, createdAt, updatedAt: now };
    const older = (kept ?? []).filter((each) => each.head.version > version - keepVersions);
    runs.live.set(runId, [{ head, documentGzip }, ...older]);
    runs.deleted.delete(runId);
    runs.bytes += growth;
    return { version, isNew: !latest, createdAt, updatedAt: now };
  }

  async get(tenantId: string, runId: string, version?: number): Promise<FoundCheckpoint | undefined> {
    const kept = this.#runsOf(tenantId).live.get(runId);
    const found = version === undefined ? kept?.[0] : kept?.find(({ head }) => head.version === version);
    return found && { source: 'live', ...found };
  }

  async delete(
    tenantId: string,
    runId: string,
    { ifVersion, boundAgentId }: DeleteCondition = {},
  ): Promise<number | undefined> {
    const runs = this.#runsOf(tenantId);
    const latest = runs.live.get(runId)?.[0];
    if (!latest) {
      const deletedVersion = runs.deleted.get(runId);
      return ifVersion === undefined || ifVersion === deletedVersion ? deletedVersion : undefined;
    }
    const { version } = latest.head;
    checkAgent(latest, boundAgentId);
    if (ifVersion !== undefined && ifVersion !== version) throw versionConflict(version);
    runs.live.delete(runId);
    runs.deleted.set(runId, version);
    runs.bytes -= latest.documentGzip.length;
    return version;
  }

  async list(tenantId: string, query: CheckpointQuery): Promise<CheckpointPage> {
    const after = parseCursor(query.cursor);
    const items = [...this.#runsOf(tenantId).live.values()]
      .map(([{ head }]): ListedCheckpoint => ({ source: 'live', ...head }))
      .filter((head) => isWanted(head, query) && (!after || compare(after, head) < 0))
      .toSorted(compare);
    return toPage(items, query.limit);
  }

  #runsOf(tenantId: string): TenantRuns {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const runs: TenantRuns = { live: new Map(), deleted: new Map(), bytes: 0 };
    this.#tenants.set(tenantId, runs);
    return runs;
  }
}

function checkAgent({ head }: Version, boundAgentId: string | undefined): void {
  if (boundAgentId !== undefined && head.agentId !== boundAgentId) throw foreignRun();
}

function checkQuota(runs: TenantRuns, count: number, growth: number, quota: CheckpointQuota): void {
  const { size } = runs.live;
  if (count > 0 && size + count > (quota.checkpoints ?? Infinity))
    throw quotaExceeded('checkpoints', quota.checkpoints, size);
  if (growth > 0 && runs.bytes + growth > (quota.bytes ?? Infinity))
    throw quotaExceeded('bytes', quota.bytes, runs.bytes);
}

function isWanted(head: CheckpointHead, query: CheckpointQuery): boolean {
  const { agentId, status, createdAfter, createdBefore } = query;
  return (
    (agentId === undefined || head.agentId === agentId) &&
    (status === undefined || head.status === status) &&
    (createdAfter === undefined || head.createdAt >= createdAfter) &&
    (createdBefore === undefined || head.createdAt < createdBefore)
  );
}

// Newest first; run ids by their bytes, which for their alphabet is the order of JavaScript's strings.
function compare(a: ListPosition, b: ListPosition): number {
  const byTime = b.createdAt.getTime() - a.createdAt.getTime();
  if (byTime !== 0) return byTime;
  if (a.runId === b.runId) return 0;
  return a.runId < b.runId ? 1 : -1;
}
