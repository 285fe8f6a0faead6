import type { AdapterRegistry, Catalogue, CatalogueModel, ModelAdapter } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import type { Tenant } from '@tollgate/tenant-config';

/** Which models the process as a whole lets through. */
export interface ModelPolicy {
  /** Empty: all. */
  readonly allowedModels: readonly string[];
  /** Whether a model without a known price may be called (at no cost). */
  readonly allowUnpriced: boolean;
}

/** A model with the adapter that serves it. */
export interface ResolvedModel {
  readonly model: CatalogueModel;
  readonly adapter: ModelAdapter;
}

/** Whether a tenant may use a model. */
export function isAllowed(tenant: Tenant, policy: ModelPolicy, model: string): boolean {
  const byProcess = policy.allowedModels.length === 0 || policy.allowedModels.includes(model);
  return byProcess && (tenant.allowedModels === undefined || tenant.allowedModels.includes(model));
}

/**
 * Finds the model that a request names and checks that its tenant may use it.
 * @throws TollgateError `model_not_found`, `model_not_allowed`, `model_not_priced`
 */
export function resolveModel(
  name: string,
  tenant: Tenant,
  catalogue: Catalogue,
  adapters: AdapterRegistry,
  policy: ModelPolicy,
): ResolvedModel {
  // The catalogue forgives blanks around a name, but the model provider, the ledger and the metrics get it as it is.
  const model = isName(name) ? catalogue.find(name) : undefined;
  const adapter = model && adapters.find(model.modelProvider);
  if (!model || !adapter)
    throw new TollgateError('model_not_found', `The model '${printable(name)}' does not exist here.`, {
      param: 'model',
    });
  if (!isAllowed(tenant, policy, name))
    throw new TollgateError('model_not_allowed', `This tenant may not use the model '${printable(name)}'.`, {
      param: 'model',
    });
  if (!model.price && !policy.allowUnpriced) {
    throw new TollgateError('model_not_priced', `The model '${printable(name)}' has no known price.`, {
      param: 'model',
    });
  }
  return { model, adapter };
}

const isName = (name: string): boolean => /^[\x21-\x7e]+$/.test(name);
const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
