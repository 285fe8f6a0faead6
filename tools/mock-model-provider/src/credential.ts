import type { IncomingHttpHeaders } from 'node:http';

import type { WireError } from './wire-renderer.js';

const REFUSED_KEY = 'bad-key';

/** The 401 for a request without a key, or with the key `bad-key`; every other key is accepted on both wires. */
export function credentialError(headers: Readonly<IncomingHttpHeaders>): WireError | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const key = bearer ?? headers['x-api-key'];
  if (key === undefined || key === '') return { status: 401, message: "You didn't provide an API key." };
  return key === REFUSED_KEY
    ? { status: 401, message: `Incorrect API key provided: ${REFUSED_KEY}.` }
    : undefined;
}
