import type { AdapterRegistry, Catalogue, CatalogueModel, ModelAdapter, Wire } from '@tollgate/adapters';
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
    return model && adapters.has(model.modelProvider) ? model : undefined;
  });
}

function serve(model: CatalogueModel, adapters: AdapterRegistry, wire: Wire): ServedModel | undefined {
  const adapter = adapters.find(model.modelProvider, wire);
  return adapter && { model, adapter };
}

/**
 * Finds the model that a request's name stands for with its tenant, and checks that the tenant may use it.
 * @throws TollgateError `model_not_found`, `model_not_allowed`, `model_not_priced`, `wire_not_supported`
 */
export function resolveModel(
  ask: ModelAsk,
  tenant: Tenant,
  adapters: AdapterRegistry,
  policy: ModelPolicy,
  wire: Wire,
): ResolvedModel {
  const { model, fallback } = chooseModel(ask, tenant, policy);
  const served = serve(model, adapters, wire);
  if (!served)
    throw new TollgateError('wire_not_supported', `The model '${model.id}' cannot be called on this route.`, {
      param: 'model',
    });
  return { ...served, fallback: fallback && serve(fallback, adapters, wire) };
}
