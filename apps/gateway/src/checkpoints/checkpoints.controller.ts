import { Controller, Delete, Get, Put, Req, Res } from '@nestjs/common';
import { listQuery } from '@tollgate/http';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../call/authenticate.js';
import { formatPage } from './checkpoint-answers.js';
import { CheckpointCalls, type CheckpointAnswer, type RunRequest } from './checkpoint-calls.js';
import { Checkpoints } from './checkpoints.js';
import { parseQuery } from './parse-query.js';

type RoutedRequest = FastifyRequest<{ Params: { readonly run_id: string } }>;

const NO_BODY = Buffer.alloc(0);

/** `/v1/checkpoints`: the state of runs, kept by version. */
@Controller('v1/checkpoints')
export class CheckpointsController {
  constructor(
    private readonly calls: CheckpointCalls,
    private readonly checkpoints: Checkpoints,
    private readonly directory: TenantDirectory,
  ) {}

  @Put(':run_id')
  async put(@Req() request: RoutedRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
    send(reply, await this.calls.put(runRequestOf(request), body));
  }

  @Get(':run_id')
  async get(@Req() request: RoutedRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.calls.get(runRequestOf(request)));
  }

  @Delete(':run_id')
  async delete(@Req() request: RoutedRequest, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.calls.delete(runRequestOf(request)));
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
}

function runRequestOf({ raw, id, params, query }: RoutedRequest): RunRequest {
  return { http: raw, requestId: id, runId: params.run_id, query };
}

function send(reply: FastifyReply, { status, headers, body }: CheckpointAnswer): void {
  reply.status(status).headers(headers).send(body);
}
