/** A model provider's list of models, as its official client asks for it. */
export interface ModelProviderList {
  /** As in the catalogue. */
  readonly name: string;
  /** Where its key comes from. */
  readonly keyVariable: string;
  readonly urlVariable: string;
  /** The ids of the models that the key can see. Throws errors with a `status` when it was refused. */
  list(signal: AbortSignal): AsyncIterable<string>;
  /** Resolves when the key can see this model, under this very name or one that it stands for; else throws. */
  retrieve(model: string, signal: AbortSignal): Promise<unknown>;
}

/** Where a model provider is, and the gateway's key. */
export interface ModelProviderAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** How both clients behave: no retries, no words of their own, and the key never follows a redirect. */
export const CLIENT_OPTIONS = {
  timeout: 8000,
  maxRetries: 0,
  logLevel: 'off',
  fetchOptions: { redirect: 'error' },
} as const;
