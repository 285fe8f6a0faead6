import { randomUUID } from 'node:crypto';
import { BASE_PATH, isRepeatable, type Operation } from '@tollgate/admin-contract';
import type { z } from 'zod';

/** What a request may say beside its operation. */
export interface AskOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is; default: none. */
  readonly ifMatch?: string | undefined;
  /** Default: a new one for each POST; null: none. */
  readonly idempotencyKey?: string | null;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, whose body fits the contract. */
export interface Told<T> {
  readonly status: number;
  readonly body: T;
  /** The body's own bytes. */
  readonly text: string;
  readonly etag: string;
  readonly headers: Headers;
}

/** A problem's body, as far as tests look at it. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly problem: string }[];
  readonly [member: string]: unknown;
}

type AnswerOf<O extends Operation> = O extends { readonly answer: infer A extends z.ZodType }
  ? z.output<A>
  : undefined;

/** An operator's client, which holds every answer against the contract. */
export class AdminClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** The same server as somebody else. */
  as(token: string): AdminClient {
    return new AdminClient(this.url, token);
  }

  /** Asks, and fails unless the answer is what the contract promises. */
  async ask<O extends Operation>(operation: O, options: AskOptions = {}): Promise<Told<AnswerOf<O>>> {
    const told = await this.send(operation, options);
    if (told.status !== operation.status) throw new Error(`${operation.id}: ${told.status} ${told.text}`);
    operation.answer?.parse(told.body);
    if (operation.hasEtag && told.etag === '') throw new Error(`${operation.id}: no ETag`);
    return told as Told<AnswerOf<O>>;
  }

  /** Asks, and fails unless the answer is a problem; answers its status and code. */
  async refusal(operation: Operation, options: AskOptions = {}): Promise<[status: number, code: string]> {
    const { status, body } = await this.problem(operation, options);
    return [status, body.code];
  }

  /** As `refusal`, with everything that was said. */
  async problem(operation: Operation, options: AskOptions = {}): Promise<Told<Problem>> {
    const told = await this.send(operation, options);
    const body = told.body as Problem;
    const isProblem =
      told.headers.get('content-type') === 'application/problem+json; charset=utf-8' &&
      told.status >= 400 &&
      told.headers.get('x-request-id') === body['request_id'];
    if (!isProblem) throw new Error(`${operation.id}: no problem: ${told.status} ${told.text}`);
    return { ...told, body };
  }

  /** Sends a request for an operation, whatever is answered. */
  async send(operation: Operation, options: AskOptions): Promise<Told<unknown>> {
    const { params = {}, query = {}, body, ifMatch } = options;
    const path = operation.path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? `no-${name}`),
    );
    const response = await fetch(`${this.url}${BASE_PATH}${path}?${new URLSearchParams(query).toString()}`, {
      method: operation.method,
      headers: {
        ...this.#headersOf(operation, options),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      text,
      etag: response.headers.get('etag') ?? '',
      headers: response.headers,
    };
  }

  #headersOf(
    operation: Operation,
    { token = this.token, idempotencyKey }: AskOptions,
  ): Record<string, string> {
    const key = idempotencyKey === undefined ? randomUUID() : idempotencyKey;
    return {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(isRepeatable(operation) && key !== null ? { 'idempotency-key': key } : {}),
    };
  }
}
