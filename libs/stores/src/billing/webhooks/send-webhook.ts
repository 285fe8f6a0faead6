import { lookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { AddressPolicy } from './address-policy.js';

const MAX_RESPONSE_BYTES = 16_384;
const MAX_EXCERPT_CHARS = 500;

/** What is said of a message that took too long. */
export const TIMED_OUT = 'timed out';

/** Finds the addresses of a host. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/** How the system finds the addresses of a host. */
export const resolveHost: ResolveHost = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** A message, and what it may take. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly policy: AddressPolicy;
  readonly resolve: ResolveHost;
}

/** What the receiver answered. */
export interface WebhookResponse {
  readonly status: number;
  /** The beginning of its body. */
  readonly excerpt: string;
}

/** A message was not sent, because of where it would have gone. */
export class WebhookRefusedError extends Error {
  override readonly name = 'WebhookRefusedError';
}

async function chooseAddress(url: URL, policy: AddressPolicy, resolve: ResolveHost): Promise<string> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(hostname) ? [hostname] : await resolve(hostname);
  const [address] = addresses;
  if (address === undefined) throw new WebhookRefusedError('the host has no address');
  // One bad address among good ones is an attempt to get there sooner or later.
  if (!addresses.every((each) => policy.isAllowed(each)))
    throw new WebhookRefusedError('the host has an address that webhooks may not be sent to');
  if (url.protocol !== 'https:' && !policy.isAllowedByName(address))
    throw new WebhookRefusedError('webhooks without TLS go to allowed addresses only');
  return address;
}

async function readExcerpt(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_RESPONSE_BYTES) break; // which also ends the connection
  }
  // Postgres keeps no NUL.
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_EXCERPT_CHARS).replaceAll('\0', '');
}

/**
 * Sends one message by POST. The host is resolved once, and the connection goes to the very address that was looked at; no
 * redirect is followed; all of it takes `timeoutMs` at most, and little of the answer is read.
 * @throws WebhookRefusedError for an address that is not allowed; whatever the connection fails with
 */
export async function sendWebhook(message: WebhookRequest): Promise<WebhookResponse> {
  const url = new URL(message.url);
  const signal = AbortSignal.timeout(message.timeoutMs);
  const address = await Promise.race([
    chooseAddress(url, message.policy, message.resolve),
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(TIMED_OUT)), { once: true });
    }),
  ]);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send({
      host: address,
      port: url.port || undefined,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { ...message.headers, host: url.host, 'content-length': Buffer.byteLength(message.body) },
      ...(isIP(hostname) ? {} : { servername: hostname }),
      agent: false,
      signal,
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.end(message.body);
  });
  return { status: response.statusCode ?? 0, excerpt: await readExcerpt(response) };
}
