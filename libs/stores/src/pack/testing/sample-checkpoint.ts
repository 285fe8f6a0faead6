import { hash } from 'node:crypto';
import type { PackEntryHead } from '../manifest.js';

/** A checkpoint as the offloader reads it. */
export interface SampleCheckpoint {
  readonly entry: PackEntryHead;
  readonly document: Buffer;
}

/** A finished checkpoint of the given document. */
export function sampleCheckpoint(text: string, more: Partial<PackEntryHead> = {}): SampleCheckpoint {
  const document = Buffer.from(text);
  const entry = {
    runId: 'run-1',
    version: 3,
    status: 'completed',
    agentId: 'planner',
    workflowId: null,
    nextStepIndex: 7,
    createdAt: new Date('2026-11-20T01:02:03.004Z'),
    updatedAt: new Date('2026-11-20T05:06:07.008Z'),
    documentBytes: document.length,
    contentHash: hash('sha256', document, 'buffer'),
    ...more,
  } as const;
  return { entry, document };
}
