import { Controller } from '@nestjs/common';
import { Catalogue } from '@tollgate/adapters';
import { BASE_PATH, modelOperations } from '@tollgate/admin-contract';
import { TollgateError } from '@tollgate/domain';
import { chooseModel, type ModelAsk, type Tenant } from '@tollgate/tenant-config';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, toPage } from '../page/cursor.js';
import { PolicyJudge } from '../policy/policy-judge.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import { formatModel } from './model-wire.js';

/** The catalogue of models, and the choice of one. */
@Controller(BASE_PATH)
export class ModelsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly judge: PolicyJudge,
    private readonly tenants: TenantReader,
  ) {}

  @Serves(modelOperations.list)
  list(@Call() { query }: CallOf<typeof modelOperations.list>): Answer {
    const after = readCursor(query.cursor) ?? '';
    const models = this.catalogue
      .list()
      .filter(({ id }) => id > after && id.includes(query.search ?? ''))
      .slice(0, query.limit + 1);
    const { rules } = this.judge;
    const format = (model: (typeof models)[number]): object => {
      const known = rules.find(model.id);
      return formatModel(model, known !== undefined && rules.isLetThrough(known));
    };
    return answerOf(toPage(models, query.limit, ({ id }) => id, format));
  }

  @Serves(modelOperations.resolve)
  async resolve(@Call() { body }: CallOf<typeof modelOperations.resolve>): Promise<Answer> {
    const { tenant } = await this.tenants.get(body.tenant_id);
    const ask = { model: body.model, taskType: body.task_type };
    const asked = { tenant_id: tenant.id, model_asked: ask.model, task_type: ask.taskType };
    return answerOf({ ...asked, ...this.#choose(ask, tenant) });
  }

  #choose(ask: ModelAsk, tenant: Tenant): object {
    const none = { model: null, model_provider: null, fallback_model: null };
    try {
      const { model, fallback, steps } = chooseModel(ask, tenant, this.judge.rules);
      const chosen = { model: model.id, model_provider: model.modelProvider };
      return { ...chosen, fallback_model: fallback?.id ?? null, is_callable: true, code: null, why: steps };
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
      return { ...none, is_callable: false, code: error.code, why: [error.message] };
    }
  }
}
