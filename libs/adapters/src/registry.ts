import type { ModelAdapter } from './model-adapter.js';
import { OpenaiAdapter } from './openai/openai-adapter.js';
import { StubAdapter, type StubOptions } from './stub/stub-adapter.js';
import { Upstream, type UpstreamOptions } from './upstream/upstream.js';

/** What the adapters need from the configuration; a model provider without a key is left out. */
export interface AdapterSettings {
  /** Undefined: real model providers; else the stub answers for all. */
  readonly stub: StubOptions | undefined;
  readonly upstream: Omit<UpstreamOptions, 'baseUrl' | 'headers'>;
  readonly openai: { readonly apiKey: string; readonly baseUrl: string } | undefined;
}

type Factory = (settings: AdapterSettings) => ModelAdapter | undefined;

// A line for each model provider.
const FACTORIES: Readonly<Record<string, Factory>> = {
  openai: ({ openai, upstream }) =>
    openai &&
    new OpenaiAdapter(
      new Upstream({
        ...upstream,
        baseUrl: openai.baseUrl,
        headers: { authorization: `Bearer ${openai.apiKey}`, 'content-type': 'application/json' },
      }),
    ),
};

/** Names of all model providers that Tollgate can speak to. */
export const MODEL_PROVIDERS: readonly string[] = Object.keys(FACTORIES);

/** The adapters of a process, by model provider. */
export class AdapterRegistry {
  readonly #adapters = new Map<string, ModelAdapter>();
  readonly #stub: ModelAdapter | undefined;

  constructor(settings: AdapterSettings) {
    if (settings.stub) {
      this.#stub = new StubAdapter(settings.stub);
      return;
    }
    for (const [modelProvider, create] of Object.entries(FACTORIES)) {
      const adapter = create(settings);
      if (adapter) this.#adapters.set(modelProvider, adapter);
    }
  }

  /** The adapter that serves a model provider's models, if it is configured. */
  find(modelProvider: string): ModelAdapter | undefined {
    return this.#stub ?? this.#adapters.get(modelProvider);
  }

  async close(): Promise<void> {
    for (const adapter of this.#adapters.values()) await adapter.close();
  }
}
