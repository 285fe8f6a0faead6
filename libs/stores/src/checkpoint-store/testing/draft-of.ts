import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CheckpointDraft } from '../checkpoint.js';
import type { PutOptions } from '../checkpoint-store.js';

/** A draft of the given document, of a running run of nobody. */
export function draftOf(text: string, more: Partial<CheckpointDraft> = {}): CheckpointDraft {
  const document = Buffer.from(text);
  return {
    status: 'running',
    agentId: null,
    workflowId: null,
    nextStepIndex: null,
    documentGzip: gzipSync(document),
    documentBytes: document.length,
    contentHash: hash('sha256', document, 'buffer'),
    ...more,
  };
}

/** The options of a put: without a condition and without a quota, unless given. */
export function putOptions(more: Partial<PutOptions> = {}): PutOptions {
  return { recreate: false, quota: {}, keepVersions: 1, ...more };
}
