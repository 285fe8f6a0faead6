import { Controller, Delete, Get, Put, Req, Res } from '@nestjs/common';
import { deleteQuery, getQuery, listQuery, putQuery } from '@tollgate/http';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attribute } from '../call/attribute.js';
import { authenticate } from '../call/authenticate.js';
import { formatPage, formatWritten } from './checkpoint-answers.js';
import { parseQuery } from './parse-query.js';
import { Checkpoints, type CheckpointWriter } from './checkpoints.js';
import { etagOf, readCondition, writeCondition } from './conditions.js';
import { parseRunId } from './run-id.js';

type RunRequest = FastifyRequest<{ Params: { readonly run_id: string } }>;

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_BODY = Buffer.alloc(0);

/** `/v1/checkpoints`: the state of runs, kept by version. */
@Controller('v1/checkpoints')
export class CheckpointsController {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly directory: TenantDirectory,
  ) {}

  @Put(':run_id')
  async put(@Req() request: RunRequest, @Res() reply: FastifyReply): Promise<void> {
    const writer = this.#writerOf(request);
    const runId = parseRunId(request.params.run_id);
    const { recreate } = parseQuery(putQuery, request.query);
    const ifVersion = writeCondition(request.headers);
    const body = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
    const written = await this.checkpoints.put(writer, runId, body, { ifVersion, recreate });
    answer(request, reply, written.version)
      .status(written.isNew ? 201 : 200)
      .send(formatWritten(runId, written));
  }

  @Get(':run_id')
  async get(@Req() request: RunRequest, @Res() reply: FastifyReply): Promise<void> {
    const { tenant } = authenticate(request.raw, this.directory);
    const runId = parseRunId(request.params.run_id);
    const { version } = parseQuery(getQuery, request.query);
    const known = readCondition(request.headers);
    const found = await this.checkpoints.get(tenant.id, runId, version, known);
    void answer(request, reply, found.version).header('x-checkpoint-source', found.source);
    if (found.line === undefined) reply.status(304).send();
    else reply.header('content-type', JSON_TYPE).send(found.line);
  }

  @Delete(':run_id')
  async delete(@Req() request: RunRequest, @Res() reply: FastifyReply): Promise<void> {
    const { tenantId, boundAgentId } = this.#writerOf(request);
    const runId = parseRunId(request.params.run_id);
    parseQuery(deleteQuery, request.query);
    const ifVersion = writeCondition(request.headers);
    const version = await this.checkpoints.delete(tenantId, runId, { ifVersion, boundAgentId });
    answer(request, reply, version).status(204).send();
  }

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { tenant } = authenticate(request.raw, this.directory);
    const query = parseQuery(listQuery, request.query);
    const page = await this.checkpoints.list(tenant.id, {
      agentId: query.agent_id,
      status: query.status,
      createdAfter: query.created_after,
      createdBefore: query.created_before,
      cursor: query.cursor,
      limit: query.limit,
    });
    reply.header('x-request-id', request.id).send(formatPage(page));
  }

  #writerOf(request: FastifyRequest): CheckpointWriter {
    const principal = authenticate(request.raw, this.directory);
    const { tenantId, agentId } = attribute(principal, request.headers);
    return { tenantId, agentId, boundAgentId: principal.key.agentId };
  }
}

function answer(request: FastifyRequest, reply: FastifyReply, version: number): FastifyReply {
  return reply.headers({ etag: etagOf(version), 'x-request-id': request.id });
}
