import { Catalogue, MODEL_PROVIDERS, readPriceOverrides, type CatalogueModel } from '@tollgate/adapters';
import { servedModelProviders, type Settings } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import { modelRules, type ModelRules } from '@tollgate/tenant-config';

/** The rules that a gateway with these settings chooses models by, without any connection of its own. */
export function processPolicy(settings: Settings): ModelRules<CatalogueModel> {
  const { env, adapter } = settings;
  const { overrides, version } = env.PRICE_OVERRIDES_FILE
    ? readPriceOverrides(env.PRICE_OVERRIDES_FILE)
    : { overrides: {}, version: undefined };
  const catalogue = new Catalogue({
    modelProviders: MODEL_PROVIDERS,
    overrides,
    overridesVersion: version,
    clock: systemClock,
  });
  const served = servedModelProviders(settings);
  return modelRules(settings, (name) => {
    const model = catalogue.find(name);
    return model && (adapter === 'stub' || served.has(model.modelProvider)) ? model : undefined;
  });
}
