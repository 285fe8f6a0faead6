import { Controller, Get, Inject, Req } from '@nestjs/common';
import { AdapterRegistry, Catalogue } from '@tollgate/adapters';
import { TenantDirectory } from '@tollgate/tenant-config';
import type { FastifyRequest } from 'fastify';
import { authenticate } from '../call/authenticate.js';
import { isAllowed, type ModelPolicy } from '../call/resolve-model.js';
import { MODEL_POLICY } from '../tokens.js';

/** One model in the form of OpenAI's list. */
interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** GET /v1/models: what the caller's key may call. */
@Controller('v1/models')
export class ModelsController {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly catalogue: Catalogue,
    private readonly adapters: AdapterRegistry,
    @Inject(MODEL_POLICY) private readonly policy: ModelPolicy,
  ) {}

  @Get()
  list(@Req() request: FastifyRequest): { object: 'list'; data: ListedModel[] } {
    const { tenant } = authenticate(request.raw, this.directory);
    const callable = this.catalogue
      .list()
      .filter(
        (model) =>
          this.adapters.find(model.modelProvider) &&
          isAllowed(tenant, this.policy, model.id) &&
          (model.price || this.policy.allowUnpriced),
      );
    return {
      object: 'list',
      data: callable.map(({ id, modelProvider }) => ({
        id,
        object: 'model',
        created: 0,
        owned_by: modelProvider,
      })),
    };
  }
}
