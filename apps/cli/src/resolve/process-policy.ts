import { createCatalogue, type CatalogueModel } from '@tollgate/adapters';
import { servedModelProviders, type Settings } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import { modelRules, type ModelRules } from '@tollgate/tenant-config';

/** The rules that a gateway with these settings chooses models by, without any connection of its own. */
export function processPolicy(settings: Settings): ModelRules<CatalogueModel> {
  const catalogue = createCatalogue(settings, systemClock);
  const served = servedModelProviders(settings);
  return modelRules(settings, (name) => {
    const model = catalogue.find(name);
    return model && (settings.adapter === 'stub' || served.has(model.modelProvider)) ? model : undefined;
  });
}
