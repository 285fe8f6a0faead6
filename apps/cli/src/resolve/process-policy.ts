import { callableModels, createCatalogue, type CatalogueModel } from '@tollgate/adapters';
import type { Settings } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import { modelRules, type ModelRules } from '@tollgate/tenant-config';

/** The rules that a gateway with these settings chooses models by, without any connection of its own. */
export function processPolicy(settings: Settings): ModelRules<CatalogueModel> {
  return modelRules(settings, callableModels(settings, createCatalogue(settings, systemClock)));
}
