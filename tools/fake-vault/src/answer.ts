import type { ServerResponse } from 'node:http';

/** What Vault answers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An error in Vault's form; nothing but an empty list when there is simply nothing there. */
export function errorAnswer(status: number, ...errors: readonly string[]): Answer {
  return { status, body: { errors } };
}

/** A success in Vault's envelope. */
export function dataAnswer(data: unknown, status = 200): Answer {
  return { status, body: { ...ENVELOPE, data } };
}

/** A login or a renewal in Vault's envelope. */
export function authAnswer(auth: unknown): Answer {
  return { status: 200, body: { ...ENVELOPE, auth } };
}

const ENVELOPE = {
  request_id: '00000000-0000-0000-0000-000000000000',
  lease_id: '',
  renewable: false,
  lease_duration: 0,
  data: null,
  wrap_info: null,
  warnings: null,
  auth: null,
};

/** Writes an answer. */
export function send(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
