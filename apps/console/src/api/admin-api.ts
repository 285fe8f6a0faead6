import createClient, { type Middleware } from 'openapi-fetch';
import type { components, operations, paths } from './admin-api-schema.js';
import { readProblem, unansweredProblem } from './api-problem.js';
import { forgetSession, getCsrfToken } from './session-holder.js';

/** The bodies of the API by their names in its OpenAPI document. */
export type Wire = components['schemas'];

/** What an operation answers when it goes well, for answers without a name. */
export type AnswerOf<O extends keyof operations> = operations[O]['responses'] extends {
  200: { content: { 'application/json': infer A } };
}
  ? A
  : never;

const border: Middleware = {
  onRequest({ request }) {
    const token = getCsrfToken();
    if (request.method !== 'GET' && token !== undefined) request.headers.set('x-csrf-token', token);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const problem = await readProblem(response);
    if (response.status === 401) forgetSession();
    throw problem;
  },
  onError() {
    return unansweredProblem();
  },
};

/** The admin API, typed by its OpenAPI document. Every call throws an `ApiProblem` unless it went well. */
export const adminApi = createClient<paths>();
adminApi.use(border);

/** Something with the edition that a change of it must name. */
export interface Edition<T> {
  readonly value: T;
  readonly etag: string;
}

interface Answered<T> {
  readonly data?: T;
  readonly response: Response;
}

/** The body of an answer. */
export async function bodyOf<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw unansweredProblem();
  return data;
}

/** The body of an answer with its ETag. */
export async function editionOf<T>(call: Promise<Answered<T>>): Promise<Edition<T>> {
  const { data, response } = await call;
  if (data === undefined) throw unansweredProblem();
  return { value: data, etag: response.headers.get('etag') ?? '' };
}
