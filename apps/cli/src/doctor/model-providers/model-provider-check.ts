import type { Check } from '../check.js';
import { error, ok, warning, type Finding } from '../finding.js';
import type { NamedByTenants } from '../tenants/tenant-models.js';
import { unreachable } from '../unreachable.js';
import type { ModelProviderList } from './model-provider.js';

const MAX_LISTED = 10_000;
const MAX_ASKED = 20;
const MAX_TENANTS_NAMED = 3;

function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number'
    ? thrown.status
    : undefined;
}

async function collect(ids: AsyncIterable<string>): Promise<Set<string>> {
  const listed = new Set<string>();
  for await (const id of ids) if (listed.add(id).size >= MAX_LISTED) break;
  return listed;
}

function describeTenants(tenants: readonly string[]): string {
  const named = tenants.slice(0, MAX_TENANTS_NAMED).join(', ');
  const others = tenants.length - MAX_TENANTS_NAMED;
  return others > 0 ? `${named} and ${others} more` : named;
}

/** A model provider's key: whether it works, and whether it can see the models that tenants name. */
export class ModelProviderCheck implements Check {
  readonly name: string;

  constructor(
    private readonly modelProvider: ModelProviderList,
    private readonly namedByTenants: () => Promise<NamedByTenants>,
  ) {
    this.name = modelProvider.name;
  }

  async *run(signal: AbortSignal): AsyncIterable<Finding> {
    const listed = await collect(this.modelProvider.list(signal)).catch((thrown: unknown) =>
      this.#refusal(thrown),
    );
    if (!(listed instanceof Set)) {
      yield listed;
      return;
    }
    yield ok(`The key works; it can see ${listed.size} model(s).`);
    // The tenants' own check tells when they cannot be read.
    const named = await this.namedByTenants().catch((): NamedByTenants => new Map());
    yield* this.#findUnseen(named.get(this.name) ?? new Map<string, string[]>(), listed, signal);
  }

  async *#findUnseen(
    named: ReadonlyMap<string, readonly string[]>,
    listed: ReadonlySet<string>,
    signal: AbortSignal,
  ): AsyncIterable<Finding> {
    const unlisted = [...named].filter(([model]) => !listed.has(model));
    for (const [model, tenants] of unlisted.slice(0, MAX_ASKED)) {
      // A list has not every name: some stand for the newest model of a family.
      const status = await this.modelProvider.retrieve(model, signal).then(() => undefined, statusOf);
      if (status === undefined || (status !== 404 && status !== 403)) continue;
      yield warning(
        `The key cannot see the model ${model}, which the settings of ${describeTenants(tenants)} name.`,
        'Calls of this model are refused upstream, or go to the fallback model.',
        'Give the key access to it, or name another model.',
      );
    }
    if (unlisted.length > MAX_ASKED)
      yield warning(
        `${unlisted.length - MAX_ASKED} more models that tenants name are not in the list.`,
        'They were not asked for one by one.',
        'Compare them with the list of the model provider.',
      );
  }

  #refusal(thrown: unknown): Finding {
    const { name, keyVariable, urlVariable } = this.modelProvider;
    const status = statusOf(thrown);
    const why = `No call of a model of ${name} can succeed.`;
    if (status === undefined) return unreachable({ name, variable: urlVariable, why }, thrown);
    if (status === 401) return error(`The key is refused (401).`, why, `Replace the key in ${keyVariable}.`);
    const remedies: Readonly<Record<number, string>> = {
      403: `Look at the rights of the key in ${keyVariable}; calls may work all the same.`,
      404: `Correct ${urlVariable}, unless this endpoint has no list of models.`,
      429: 'Look at the rate limit and the credit of the account.',
    };
    return warning(
      `The list of models was answered with ${status}.`,
      'Whether the key works is not known.',
      remedies[status] ?? 'Try again later, and look at the status page of the model provider.',
    );
  }
}
