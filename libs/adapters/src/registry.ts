import { messagesProtocol, countTokensProtocol } from './anthropic/messages/messages-protocol.js';
import type { ModelAdapter } from './model-adapter.js';
import type { Wire } from './model-request.js';
import { chatProtocol } from './openai/chat/chat-protocol.js';
import { embeddingsProtocol } from './openai/embeddings/embeddings-protocol.js';
import { responsesProtocol } from './openai/responses/responses-protocol.js';
import { StubAdapter, type StubOptions } from './stub/stub-adapter.js';
import { TranslatedAdapter } from './translation/translated-adapter.js';
import { WIRE_TRANSLATIONS } from './translation/wire-translations.js';
import { Upstream, type UpstreamOptions } from './upstream/upstream.js';
import { HttpAdapter } from './wire/http-adapter.js';
import type { WireProtocol } from './wire/wire-protocol.js';

/** Where a model provider is, and the key for it. */
export interface ModelProviderAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** A model provider that speaks OpenAI's wires, by configuration alone. */
export interface CompatibleAccess {
  readonly modelProvider: string;
  readonly baseUrl: string;
  /** Its key among them, in the form that it wants. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly wires: readonly Wire[];
}

/** What the adapters need from the configuration; a model provider without a key is left out. */
export interface AdapterSettings {
  /** Undefined: real model providers; else the stub answers for all. */
  readonly stub: StubOptions | undefined;
  readonly upstream: Omit<UpstreamOptions, 'baseUrl' | 'headers'>;
  readonly openai: ModelProviderAccess | undefined;
  readonly anthropic: ModelProviderAccess | undefined;
  readonly compatible: readonly CompatibleAccess[];
}

type Factory = (settings: AdapterSettings) => ModelAdapter | undefined;

function overHttp(
  modelProvider: string,
  protocols: readonly WireProtocol[],
  { upstream }: AdapterSettings,
  access: ModelProviderAccess | undefined,
  keyHeader: (apiKey: string) => Record<string, string>,
): ModelAdapter | undefined {
  if (!access) return undefined;
  const headers = { 'content-type': 'application/json', ...keyHeader(access.apiKey) };
  return new HttpAdapter(
    modelProvider,
    new Upstream({ ...upstream, baseUrl: access.baseUrl, headers }),
    protocols,
  );
}

const bearer = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
const xApiKey = (apiKey: string): Record<string, string> => ({ 'x-api-key': apiKey });

const OPENAI_PROTOCOLS = [chatProtocol, responsesProtocol, embeddingsProtocol];

// A line for each model provider.
const FACTORIES: Readonly<Record<string, Factory>> = {
  openai: (settings) => overHttp('openai', OPENAI_PROTOCOLS, settings, settings.openai, bearer),
  anthropic: (settings) =>
    overHttp('anthropic', [messagesProtocol, countTokensProtocol], settings, settings.anthropic, xApiKey),
};

function compatible(access: CompatibleAccess, { upstream }: AdapterSettings): ModelAdapter {
  const { modelProvider, baseUrl, query, wires } = access;
  const headers = { 'content-type': 'application/json', ...access.headers };
  const protocols = OPENAI_PROTOCOLS.filter(({ wire }) => wires.includes(wire));
  return new HttpAdapter(modelProvider, new Upstream({ ...upstream, baseUrl, headers, query }), protocols);
}

/** Names of the model providers that need no more configuration than a key. */
export const MODEL_PROVIDERS: readonly string[] = Object.keys(FACTORIES);

/** The adapters of a process, by model provider. */
export class AdapterRegistry {
  readonly #adapters = new Map<string, ModelAdapter>();
  /** By model provider and wire. */
  readonly #translated = new Map<string, ModelAdapter>();
  readonly #stub: ModelAdapter | undefined;

  constructor(settings: AdapterSettings) {
    if (settings.stub) {
      this.#stub = new StubAdapter(settings.stub);
      this.#addTranslations(this.#stub);
      return;
    }
    const known = Object.values(FACTORIES).map((create) => create(settings));
    const configured = settings.compatible.map((access) => compatible(access, settings));
    for (const adapter of [...known, ...configured]) {
      if (!adapter) continue;
      this.#adapters.set(adapter.modelProvider, adapter);
      this.#addTranslations(adapter);
    }
  }

  /** Whether models of this model provider can be called. */
  has(modelProvider: string): boolean {
    return this.#stub !== undefined || this.#adapters.has(modelProvider);
  }

  /** The adapter that serves a model provider's models to clients of a wire, translating where it must. */
  find(modelProvider: string, wire: Wire): ModelAdapter | undefined {
    const adapter = this.#stub ?? this.#adapters.get(modelProvider);
    if (!adapter || adapter.speaks(wire)) return adapter;
    return this.#translated.get(`${adapter.modelProvider} ${wire}`);
  }

  async close(): Promise<void> {
    for (const adapter of this.#adapters.values()) await adapter.close();
  }

  #addTranslations(adapter: ModelAdapter): void {
    for (const translation of WIRE_TRANSLATIONS)
      if (adapter.speaks(translation.to) && !adapter.speaks(translation.from))
        this.#translated.set(
          `${adapter.modelProvider} ${translation.from}`,
          new TranslatedAdapter(adapter, translation),
        );
  }
}
