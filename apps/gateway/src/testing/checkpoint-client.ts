/** An answer to a checkpoint request, as far as tests look at it. */
export interface CheckpointAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body's JSON; undefined for an empty body. */
  readonly json: unknown;
}

/** Sends checkpoint requests to a gateway with one key. */
export class CheckpointClient {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  put(
    path: string,
    document: object | string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<CheckpointAnswer> {
    const isRaw = typeof document === 'string' || Buffer.isBuffer(document);
    const body = isRaw ? document : JSON.stringify(document);
    return this.#send('PUT', `/${path}`, { 'content-type': 'application/json', ...headers }, body);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<CheckpointAnswer> {
    return this.#send('GET', `/${path}`, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<CheckpointAnswer> {
    return this.#send('DELETE', `/${path}`, headers);
  }

  list(query = ''): Promise<CheckpointAnswer> {
    return this.#send('GET', query, {});
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ): Promise<CheckpointAnswer> {
    const response = await fetch(`${this.url}/v1/checkpoints${path}`, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }
}
