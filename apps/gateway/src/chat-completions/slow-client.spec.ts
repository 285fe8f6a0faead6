import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { eventually } from '../testing/eventually.js';
import { ASK } from '../testing/openai-client.js';
import { chatRequestText, exchangeRaw, openSocket } from '../testing/raw-http.js';
import { API_KEY, World, type LedgerRow } from '../testing/world.js';

const STREAM = { ...ASK, stream: true };
/** 20 MB: far more than all buffers between the model provider and the client hold. */
const LONG = { chunks: 10_000, chunkBytes: 2_000 };
const ROUND_TRIPS = 50;

const requestText = (body: object, headers: readonly string[] = []): string =>
  chatRequestText(API_KEY, body, headers);

describe('a client that is slow or leaves', () => {
  let world: World;
  let rowsBefore = 0;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    world = await World.create({ gateways: 1, tenants: { busy: {} } });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.mock.reset();
    rowsBefore = (await world.ledgerRows()).length;
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const url = (): string => world.gateways[0]?.url ?? '';

  async function open(request: string): Promise<Socket> {
    const socket = await openSocket(url());
    sockets.push(socket);
    socket.write(request);
    return socket;
  }

  async function settledRow(): Promise<LedgerRow | undefined> {
    const rows = await eventually(
      () => world.ledgerRows(),
      (all) => expect(all).toHaveLength(rowsBefore + 1),
    );
    await world.quietNanoUsd();
    return rows.at(-1);
  }

  /** Gives the gateway the time for many other calls. */
  async function passTime(): Promise<void> {
    for (let call = 0; call < ROUND_TRIPS; call += 1) {
      const response = await fetch(`${url()}/v1/models`, { headers: { authorization: `Bearer ${API_KEY}` } });
      await response.text();
    }
  }

  /** Reads no more than the head of the answer. */
  async function readHead(socket: Socket): Promise<void> {
    await once(socket, 'readable');
    expect(String(socket.read(12))).toBe('HTTP/1.1 200');
  }

  it('that does not read stops the model provider, and gets everything once it reads', async () => {
    world.mock.behave(LONG);
    const socket = await open(requestText(STREAM, ['connection: close']));
    await readHead(socket);
    await passTime();
    expect(world.mock.openCalls).toBe(1);
    let chunks = 0;
    let rest = '';
    for await (const bytes of socket) {
      const text = rest + String(bytes);
      chunks += text.split('"content":"word').length - 1;
      rest = text.slice(-16);
    }
    expect(chunks).toBeGreaterThanOrEqual(LONG.chunks);
    expect(rest).toContain('0\r\n\r\n');
    expect(await settledRow()).toMatchObject({ status: 'completed', outputTokens: LONG.chunks });
  });

  it('that does not read and leaves ends the upstream call, and is billed for what had come', async () => {
    world.mock.behave(LONG);
    const socket = await open(requestText(STREAM));
    await readHead(socket);
    await passTime();
    socket.destroy();
    await world.mock.waitForIdle();
    const row = await settledRow();
    expect(row).toMatchObject({ status: 'aborted', errorCode: null, usageSource: 'counted' });
    expect(row?.outputTokens).toBeGreaterThan(0);
  });

  it('that leaves before the first byte ends the upstream call, whose cost is presumed', async () => {
    world.mock.behave({ silent: true });
    const socket = await open(requestText(STREAM));
    await world.mock.waitForRequests(1);
    socket.destroy();
    await world.mock.waitForIdle();
    const row = await settledRow();
    expect(row).toMatchObject({ status: 'presumed', errorCode: null, usageSource: 'none' });
    expect(row?.costNanoUsd).toBeGreaterThan(0);
  });

  it('that leaves in mid-stream ends the upstream call, and is billed for what was streamed', async () => {
    world.mock.behave({ stallAfterChunks: 3 });
    const socket = await open(requestText(STREAM));
    let text = '';
    for await (const bytes of socket) {
      text += String(bytes);
      if (text.includes('word3 ')) break;
    }
    await world.mock.waitForIdle();
    expect(await settledRow()).toMatchObject({
      status: 'aborted',
      errorCode: null,
      usageSource: 'counted',
      outputTokens: countTokens('word1 word2 word3 '),
    });
  });

  it('that asks twice on one connection without waiting gets both answers in order', async () => {
    world.mock.behave(({ body }) =>
      (body as { stream?: boolean }).stream ? { chunks: 3, chunkDelayMs: 20 } : { content: 'plain answer' },
    );
    const socket = await open(requestText(STREAM) + requestText(ASK, ['connection: close']));
    let text = '';
    for await (const bytes of socket) text += String(bytes);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(text).toMatch(/word1 .*word2 .*word3 .*\[DONE\]\n\n\r\n0\r\n\r\nHTTP\/1\.1 200 OK.*plain answer/s);
    await eventually(
      () => world.ledgerRows(),
      (rows) => expect(rows).toHaveLength(rowsBefore + 2),
    );
    await world.quietNanoUsd();
  });

  it('that speaks HTTP/1.0, as a proxy may, gets its stream without chunks', async () => {
    world.mock.behave({ chunks: 2 });
    const answer = await exchangeRaw(url(), chatRequestText(API_KEY, STREAM, [], '1.0'));
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
    expect(answer.body).toMatch(/^data: \{.*\}\n\ndata: \[DONE\]\n\n$/s);
    expect(await settledRow()).toMatchObject({ status: 'completed', outputTokens: 2 });
  });
});
