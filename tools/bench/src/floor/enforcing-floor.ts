import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { serveFloor } from './floor-server.js';

/** The least that a gateway with budgets does: parse both bodies, hold and settle in Redis, pass the bytes on. */
const [upstream = '', redisUrl = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 256 });
const redis = new Redis(redisUrl);

const HOLD = `return redis.call('HINCRBY', KEYS[1], 'held', ARGV[1])`;
const SETTLE = `redis.call('HINCRBY', KEYS[1], 'held', -ARGV[1]) return redis.call('HINCRBY', KEYS[1], 'settled', ARGV[2])`;
const [hold, settle] = await Promise.all([load(HOLD), load(SETTLE)]);

async function load(script: string): Promise<string> {
  await redis.script('LOAD', script);
  return createHash('sha1').update(script).digest('hex');
}

function fail(response: ServerResponse, error: unknown): void {
  response.writeHead(502).end(String(error));
}

serveFloor((request, response, body) => {
  const { max_tokens: tokens } = JSON.parse(body.toString()) as { max_tokens: number };
  redis.evalsha(hold, 1, 'tenant', tokens).then(
    () => forward(),
    (error: unknown) => fail(response, error),
  );

  const forward = (): void => {
    const parts: Buffer[] = [];
    let head: { status: number; type: string } = { status: 0, type: '' };
    const { authorization = '' } = request.headers;
    const headers = { 'content-type': 'application/json', authorization };
    pool.dispatch(
      { path: request.url ?? '/', method: 'POST', headers, body },
      {
        onRequestStart: () => undefined, // undici insists on it
        onResponseStart: (_, status, { 'content-type': type }) => {
          head = { status, type: String(type) };
        },
        onResponseData: (_, part) => void parts.push(part),
        onResponseError: (_, error) => fail(response, error),
        onResponseEnd: () => {
          const bytes = Buffer.concat(parts);
          const { usage } = JSON.parse(bytes.toString()) as { usage: { total_tokens: number } };
          response.writeHead(head.status, { 'content-type': head.type, 'content-length': bytes.length });
          response.end(bytes);
          redis.evalsha(settle, 1, 'tenant', tokens, usage.total_tokens).catch(() => process.exit(1));
        },
      },
    );
  };
});
