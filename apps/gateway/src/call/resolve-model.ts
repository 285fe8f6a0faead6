import type { AdapterRegistry, Catalogue, CatalogueModel, ModelAdapter } from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { TollgateError } from '@tollgate/domain';
import {
  chooseModel,
  modelRules,
  type ModelAsk,
  type ModelRules,
  type Tenant,
} from '@tollgate/tenant-config';

/** Which models this process can call, and on what terms. */
export type ModelPolicy = ModelRules<CatalogueModel>;

/** A model with the adapter that serves it. */
export interface ServedModel {
  readonly model: CatalogueModel;
  readonly adapter: ModelAdapter;
}

/** The model of a request. */
export interface ResolvedModel extends ServedModel {
  /** What may take its place when it fails, or when the budget holds only a cheaper one; undefined when nothing may. */
  readonly fallback: ServedModel | undefined;
}

/** The policy of a process: models of the catalogue that have an adapter, on the terms of its settings. */
export function createModelPolicy(
  settings: Settings,
  catalogue: Catalogue,
  adapters: AdapterRegistry,
): ModelPolicy {
  return modelRules(settings, (name) => {
    const model = catalogue.find(name);
    return model && adapters.find(model.modelProvider) ? model : undefined;
  });
}

function serve(model: CatalogueModel, adapters: AdapterRegistry): ServedModel {
  const adapter = adapters.find(model.modelProvider);
  if (!adapter) throw new TollgateError('internal_error', 'A model that was found has no adapter.');
  return { model, adapter };
}

/**
 * Finds the model that a request's name stands for with its tenant, and checks that the tenant may use it.
 * @throws TollgateError `model_not_found`, `model_not_allowed`, `model_not_priced`
 */
export function resolveModel(
  ask: ModelAsk,
  tenant: Tenant,
  adapters: AdapterRegistry,
  policy: ModelPolicy,
): ResolvedModel {
  const { model, fallback } = chooseModel(ask, tenant, policy);
  return { ...serve(model, adapters), fallback: fallback && serve(fallback, adapters) };
}
