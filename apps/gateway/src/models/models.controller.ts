import { Controller, Get, Inject, Req } from '@nestjs/common';
import { Catalogue } from '@tollgate/adapters';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { FastifyRequest } from 'fastify';
import { authenticate } from '../call/authenticate.js';
import type { ModelPolicy } from '../call/resolve-model.js';
import { MODEL_POLICY } from '../tokens.js';
import { listCallable } from './list-callable.js';

/** One model in the form of OpenAI's list. */
interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** GET /v1/models: what the caller's key may call, the tenant's aliases and `auto` included. */
@Controller('v1/models')
export class ModelsController {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly catalogue: Catalogue,
    @Inject(MODEL_POLICY) private readonly policy: ModelPolicy,
  ) {}

  @Get()
  list(@Req() request: FastifyRequest): { object: 'list'; data: ListedModel[] } {
    const { tenant } = authenticate(request.raw, this.directory);
    return {
      object: 'list',
      data: listCallable(tenant, this.catalogue, this.policy).map(({ id, ownedBy }) => ({
        id,
        object: 'model',
        created: 0,
        owned_by: ownedBy,
      })),
    };
  }
}
