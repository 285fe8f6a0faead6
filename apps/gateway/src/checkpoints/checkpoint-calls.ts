import type { IncomingMessage } from 'node:http';
import { deleteQuery, getQuery, putQuery } from '@tollgate/http';
import type { TenantDirectory } from '@tollgate/tenant-config';
import { attribute } from '../call/attribute.js';
import { authenticate } from '../call/authenticate.js';
import { formatWritten } from './checkpoint-answers.js';
import type { Checkpoints, CheckpointWriter } from './checkpoints.js';
import { etagOf, readCondition, writeCondition } from './conditions.js';
import { parseQuery } from './parse-query.js';
import { parseRunId } from './run-id.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A request about one run. */
export interface RunRequest {
  readonly http: IncomingMessage;
  readonly requestId: string;
  /** As the path names it. */
  readonly runId: string;
  readonly query: unknown;
}

/** What a request is answered with. */
export interface CheckpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for an answer without one, such as to a reader who has this version already. */
  readonly body: Buffer | string | undefined;
}

/** Saves, reads and deletes a run's checkpoint for a request, whichever way it came in. */
export class CheckpointCalls {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly directory: TenantDirectory,
  ) {}

  /** @throws TollgateError for a bad request, and as Checkpoints.put */
  async put(request: RunRequest, body: Buffer): Promise<CheckpointAnswer> {
    const { http, requestId } = request;
    const writer = this.#writerOf(http);
    const runId = parseRunId(request.runId);
    const { recreate } = parseQuery(putQuery, request.query);
    const ifVersion = writeCondition(http.headers);
    const written = await this.checkpoints.put(writer, runId, body, { ifVersion, recreate });
    return {
      status: written.isNew ? 201 : 200,
      headers: {
        'content-type': JSON_TYPE,
        etag: etagOf(written.version),
        'x-request-id': requestId,
      },
      body: JSON.stringify(formatWritten(runId, written)),
    };
  }

  /** @throws TollgateError for a bad request, and as Checkpoints.get */
  async get(request: RunRequest): Promise<CheckpointAnswer> {
    const { http, requestId } = request;
    const { tenant } = authenticate(http, this.directory);
    const runId = parseRunId(request.runId);
    const { version } = parseQuery(getQuery, request.query);
    const known = readCondition(http.headers);
    const found = await this.checkpoints.get(tenant.id, runId, version, known);
    const headers = {
      etag: etagOf(found.version),
      'x-request-id': requestId,
      'x-checkpoint-source': found.source,
    };
    return found.line === undefined
      ? { status: 304, headers, body: undefined }
      : { status: 200, headers: { 'content-type': JSON_TYPE, ...headers }, body: found.line };
  }

  /** @throws TollgateError for a bad request, and as Checkpoints.delete */
  async delete(request: RunRequest): Promise<CheckpointAnswer> {
    const { http, requestId } = request;
    const { tenantId, boundAgentId } = this.#writerOf(http);
    const runId = parseRunId(request.runId);
    parseQuery(deleteQuery, request.query);
    const ifVersion = writeCondition(http.headers);
    const version = await this.checkpoints.delete(tenantId, runId, { ifVersion, boundAgentId });
    return { status: 204, headers: { etag: etagOf(version), 'x-request-id': requestId }, body: undefined };
  }

  #writerOf(http: IncomingMessage): CheckpointWriter {
    const principal = authenticate(http, this.directory);
    const { tenantId, agentId } = attribute(principal, http.headers);
    return { tenantId, agentId, boundAgentId: principal.key.agentId };
  }
}
