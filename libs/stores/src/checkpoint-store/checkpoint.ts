/** What a run is doing; the last three are terminal: it does nothing any more. */
export const CHECKPOINT_STATUSES = ['running', 'paused', 'completed', 'aborted', 'failed'] as const;

/** A run's status. */
export type CheckpointStatus = (typeof CHECKPOINT_STATUSES)[number];

/** What the server knows of a version of a checkpoint, apart from its document. */
export interface CheckpointHead {
  readonly runId: string;
  /** From 1, and monotonic for ever: across the archive and back, and across deletion. */
  readonly version: number;
  readonly status: CheckpointStatus;
  readonly agentId: string | null;
  readonly workflowId: string | null;
  readonly nextStepIndex: number | null;
  /** Of the run, not of the version. Whole milliseconds, as `updatedAt`. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** SHA-256 of the document. */
  readonly contentHash: Buffer;
  /** Before gzip. */
  readonly documentBytes: number;
}

/** A version that is to be written. */
export interface CheckpointDraft {
  readonly status: CheckpointStatus;
  readonly agentId: string | null;
  readonly workflowId: string | null;
  readonly nextStepIndex: number | null;
  readonly documentGzip: Buffer;
  readonly documentBytes: number;
  readonly contentHash: Buffer;
}

/** Where an archived checkpoint stands. */
export interface ArchiveLocation {
  readonly packId: string;
  readonly key: string;
  /** Of the gzip member in the pack, as `length`. */
  readonly offset: number;
  readonly length: number;
  /** Of the line. */
  readonly sha256: Buffer;
}

/** A checkpoint that is there: with its document, or with its place in the archive. */
export type FoundCheckpoint =
  | { readonly source: 'live'; readonly head: CheckpointHead; readonly documentGzip: Buffer }
  | { readonly source: 'archive'; readonly head: CheckpointHead; readonly location: ArchiveLocation };

/** A checkpoint in a list, and where it is. */
export interface ListedCheckpoint extends CheckpointHead {
  readonly source: FoundCheckpoint['source'];
}
