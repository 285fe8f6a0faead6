import { hash } from 'node:crypto';
import { TollgateError } from '@tollgate/domain';
import {
  formatLine,
  type ArchiveLocation,
  type CheckpointHead,
  type CheckpointPage,
  type CheckpointQuery,
  type CheckpointQuota,
  type CheckpointStore,
  type DeleteCondition,
  type FoundCheckpoint,
  type PutCheckpoint,
} from '@tollgate/stores';
import { ArchiveDamageError, type ArchiveDamage, type ArchivedLines } from './archived-lines.js';
import type { CheckpointMeter, CheckpointOperation } from './checkpoint-meter.js';
import type { DocumentGzip } from './document-gzip.js';
import { readDocument } from './document.js';

/** Who writes. */
export interface CheckpointWriter {
  readonly tenantId: string;
  /** The agent that a checkpoint is of, unless it says so itself. */
  readonly agentId: string | null;
  /** The agent whose runs alone may be written. */
  readonly boundAgentId: string | undefined;
}

/** What a checkpoint is written on top of. */
export interface PutCondition {
  readonly ifVersion: number | undefined;
  readonly recreate: boolean;
}

/** A version that was written, and the hash of its document. */
export interface WrittenCheckpoint extends PutCheckpoint {
  readonly contentHash: Buffer;
}

/** A version as it is answered. */
export interface ReadCheckpoint {
  readonly version: number;
  readonly source: FoundCheckpoint['source'];
  /** Undefined: the reader has this version already. */
  readonly line: Buffer | undefined;
}

/** What checkpoints are made of. */
export interface CheckpointsOptions {
  readonly store: CheckpointStore;
  readonly lines: ArchivedLines;
  readonly gzip: DocumentGzip;
  readonly meter: CheckpointMeter;
  readonly quota: CheckpointQuota;
  readonly keepVersions: number;
  readonly maxDocumentBytes: number;
  readonly isDraining: () => boolean;
  /** Told of every archived checkpoint that is damaged: nobody may evict anything until somebody has looked. */
  readonly onDamage: (damage: ArchiveDamage, location: ArchiveLocation) => void;
}

/** Writes, reads, deletes and lists the checkpoints of tenants' runs, live or archived. */
export class Checkpoints {
  #underWay = 0;
  #onIdle: (() => void) | undefined;

  constructor(private readonly options: CheckpointsOptions) {}

  /** @throws TollgateError as `readDocument` and CheckpointStore.put, and `draining`, `agent_not_allowed` */
  put(
    writer: CheckpointWriter,
    runId: string,
    body: Buffer,
    condition: PutCondition,
  ): Promise<WrittenCheckpoint> {
    const { store, gzip, meter, quota, keepVersions, maxDocumentBytes } = this.options;
    return this.#run('put', async () => {
      this.#refuseWhileDraining();
      const { tenantId, agentId, boundAgentId } = writer;
      const { bytes, contentHash, fields } = readDocument(body, agentId, maxDocumentBytes);
      if (boundAgentId !== undefined && fields.agent_id !== boundAgentId) throw foreignAgent();
      const draft = {
        status: fields.status,
        agentId: fields.agent_id ?? null,
        workflowId: fields.workflow_id ?? null,
        nextStepIndex: fields.next_step_index ?? null,
        documentGzip: await gzip.zip(bytes),
        documentBytes: bytes.length,
        contentHash,
      };
      const written = await store.put(tenantId, runId, draft, {
        ...condition,
        boundAgentId,
        quota,
        keepVersions,
      });
      meter.wrote(bytes.length);
      return { ...written, contentHash };
    });
  }

  /**
   * The latest version, or the one that is asked for.
   * @throws TollgateError `checkpoint_not_found`, `checkpoint_unreadable`, `archive_unavailable`,
   * `checkpoint_store_unavailable`
   */
  get(
    tenantId: string,
    runId: string,
    version: number | undefined,
    knownVersion: number | undefined,
  ): Promise<ReadCheckpoint> {
    return this.#run('get', async () => {
      const found = await this.options.store.get(tenantId, runId, version);
      if (!found) throw notFound();
      const { head, source } = found;
      if (head.version === knownVersion) return { version: head.version, source, line: undefined };
      if (found.source === 'live') return this.#readLive(found.head, found.documentGzip);
      return this.#readArchived(tenantId, found.head, found.location, version);
    });
  }

  /** @throws TollgateError `checkpoint_not_found`, `draining`, and as CheckpointStore.delete */
  delete(tenantId: string, runId: string, condition: DeleteCondition): Promise<number> {
    return this.#run('delete', async () => {
      this.#refuseWhileDraining();
      const version = await this.options.store.delete(tenantId, runId, condition);
      if (version === undefined) throw notFound();
      return version;
    });
  }

  /** @throws TollgateError as CheckpointStore.list */
  list(tenantId: string, query: CheckpointQuery): Promise<CheckpointPage> {
    return this.#run('list', () => this.options.store.list(tenantId, query));
  }

  /** Resolves when nothing is under way any more, or the time is up. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#underWay === 0) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#onIdle = () => resolve(undefined);
    const timer = setTimeout(resolve, timeoutMs, undefined);
    await promise;
    clearTimeout(timer);
  }

  async #run<T>(operation: CheckpointOperation, work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await this.options.meter.measure(operation, work);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  async #readLive(head: CheckpointHead, documentGzip: Buffer): Promise<ReadCheckpoint> {
    let document: Buffer;
    try {
      document = await this.options.gzip.unzip(documentGzip, head.documentBytes);
    } catch (error) {
      throw error instanceof TollgateError ? error : unreadable(error);
    }
    if (!hash('sha256', document, 'buffer').equals(head.contentHash)) throw unreadable(undefined);
    this.options.meter.read(head.documentBytes, 'live');
    return { version: head.version, source: 'live', line: formatLine(head, document) };
  }

  async #readArchived(
    tenantId: string,
    head: CheckpointHead,
    location: ArchiveLocation,
    version: number | undefined,
  ): Promise<ReadCheckpoint> {
    const { lines, meter, onDamage } = this.options;
    try {
      const { line, from } = await lines.read(location);
      meter.read(head.documentBytes, from);
      return { version: head.version, source: 'archive', line };
    } catch (error) {
      if (!(error instanceof ArchiveDamageError)) throw error;
      // Since the index was read, the checkpoint may have moved into another pack, or have come back.
      const now = await this.options.store.get(tenantId, head.runId, version);
      if (!now) throw notFound();
      if (now.source === 'live') return this.#readLive(now.head, now.documentGzip);
      const { packId, offset } = now.location;
      const hasMoved = packId !== location.packId || offset !== location.offset;
      if (hasMoved) return this.#readArchived(tenantId, now.head, now.location, version);
      onDamage(error.damage, location);
      throw unreadable(error);
    }
  }

  #refuseWhileDraining(): void {
    if (this.options.isDraining())
      throw new TollgateError('draining', 'This instance is shutting down.', { retryAfterMs: 1000 });
  }
}

function notFound(): TollgateError {
  return new TollgateError('checkpoint_not_found', 'There is no such run, or not this version of it.');
}

function foreignAgent(): TollgateError {
  return new TollgateError('agent_not_allowed', 'This API key may write the runs of another agent only.', {
    param: 'agent_id',
  });
}

function unreadable(cause: unknown): TollgateError {
  return new TollgateError(
    'checkpoint_unreadable',
    'The stored checkpoint is not what was written, so it is not served.',
    { cause },
  );
}
