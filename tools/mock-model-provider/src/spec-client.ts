import type { ReadableStream } from 'node:stream/web';

import { isJsonObject, parseJson } from './json-value.js';
import { startMockModelProvider, type MockModelProvider } from './mock-model-provider.js';

/** Messages whose text is 8 characters long: 2 tokens and 4 for the message make 6 prompt tokens. */
export const MESSAGES = [{ role: 'user', content: 'abcdefgh' }] as const;

/** Runs a test against a mock of its own, which is closed whatever happens. */
export async function withMock(test: (mock: MockModelProvider) => Promise<void>): Promise<void> {
  const mock = await startMockModelProvider();
  try {
    await test(mock);
  } finally {
    await mock.close();
  }
}

/** How a test call differs from a plain one. */
export interface TestCall {
  readonly path?: string;
  readonly key?: string;
  readonly requestId?: string;
  readonly signal?: AbortSignal;
  readonly body?: object;
}

/** Posts a chat call for the model `m` with MESSAGES, to OpenAI's route unless told otherwise. */
export function post(mock: MockModelProvider, call: TestCall = {}): Promise<Response> {
  const { path = '/v1/chat/completions', key = 'test-key', requestId, signal, body = {} } = call;
  const headers = new Headers({ 'content-type': 'application/json' });
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  if (requestId !== undefined) headers.set('x-client-request-id', requestId);
  const text = JSON.stringify({ model: 'm', messages: MESSAGES, max_tokens: 100, ...body });
  return fetch(mock.url + path, { method: 'POST', headers, body: text, signal: signal ?? null });
}

/** The JSON values of the `data:` lines of an SSE text; `[DONE]` and broken ones are left out. */
export function eventsOf(text: string): readonly object[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const value = line.startsWith('data: ') ? parseJson(line.slice(6)) : undefined;
    return isJsonObject(value) ? [value] : [];
  });
}

/** Reads a body to its end, or to where the connection breaks. */
export async function readUntilBreak(response: Response): Promise<{ text: string; isBroken: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
    for await (const part of parts) text += decoder.decode(part, { stream: true });
    return { text, isBroken: false };
  } catch {
    return { text, isBroken: true };
  }
}

/** Reads a stream until it holds this text, then leaves it open. */
export async function readUntil(response: Response, wanted: string): Promise<string> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body?.values({ preventCancel: true }) ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.includes(wanted)) break;
  }
  return text;
}
