import type { ServerResponse } from 'node:http';
import type { StreamSink } from '@tollgate/adapters';
import type { OpenCall } from '../call/open-call.js';
import { answerHeaders } from './answer-headers.js';

/**
 * What arrives within this time of a write leaves in the next one. No reader sees it, tokens come every 5 to 50 ms,
 * and a write costs as much CPU as all the rest of passing a chunk on. The first chunk never waits.
 */
const GATHER_MS = 2;
let waiting: ClientStream[] = [];

// One timer for all streams.
function flushLater(stream: ClientStream): void {
  if (waiting.push(stream) === 1) setTimeout(flushWaiting, GATHER_MS);
}

function flushWaiting(): void {
  const streams = waiting;
  waiting = [];
  for (const stream of streams) stream.flush();
}

const END_OF_CHUNK = Buffer.from('\r\n');
const KEEP_ALIVE = Buffer.from(': keep-alive\n\n');

/**
 * Writes events to a client as they come: the head with the first of them, and together what arrives together.
 *
 * Node's own chunked encoding hands four pieces to the socket for each write, and its corking sends them one by one;
 * so the frame of a chunk (RFC 9112 §7.1) is put around the events here and leaves in one piece.
 */
export class ClientStream implements StreamSink {
  #gathered: Buffer[] = [];
  #headSent = false;
  #hasHead = false;
  readonly #keepAlive: NodeJS.Timeout;
  /** HTTP/1.0, which a proxy in front may speak, knows no chunks. */
  readonly #chunked: boolean;
  /** Whether any event of an answer has been passed on. */
  hasEvents = false;

  constructor(
    private readonly call: OpenCall,
    private readonly response: ServerResponse,
    keepAliveMs: number,
  ) {
    this.#chunked = response.req.httpVersion === '1.1';
    // Proxies and clients give up on a connection that is silent; a slow model's first token must not cost the answer.
    this.#keepAlive = setInterval(() => this.#send(KEEP_ALIVE), keepAliveMs).unref();
  }

  write(events: Buffer, resume: () => void): boolean {
    if (!this.hasEvents) this.#begin();
    this.#send(events);
    const { socket } = this.response;
    if (!socket?.writableNeedDrain) return true;
    socket.once('drain', resume);
    return false;
  }

  /** Whether the client has its head, so that only an event can still tell of an error. */
  get hasHead(): boolean {
    return this.#hasHead;
  }

  /** No answer came: nothing more is sent. */
  abandon(): void {
    clearInterval(this.#keepAlive);
  }

  /** Sends what is left, a last event if there is one, and the end of the answer, all in one write. */
  end(lastEvent: string | undefined): void {
    clearInterval(this.#keepAlive);
    const { socket } = this.response;
    if (lastEvent !== undefined) this.#gathered.push(Buffer.from(lastEvent));
    socket?.cork();
    this.flush();
    this.response.end();
    socket?.uncork();
  }

  /** Sends what has been gathered. */
  flush(): void {
    const { socket } = this.response;
    const gathered = this.#gathered;
    this.#gathered = [];
    if (gathered.length === 0 || this.response.destroyed) return;
    if (!socket || !this.#chunked) {
      // An answer before this one on the connection (pipelining) is not finished: Node keeps ours until it is.
      this.#headSent = true;
      for (const events of gathered) this.response.write(events);
      return;
    }
    socket.cork();
    this.#sendHead();
    const sizeBytes = gathered.reduce((sum, events) => sum + events.length, 0);
    // One copy is cheaper than what a socket keeps of each write.
    socket.write(Buffer.concat([Buffer.from(`${sizeBytes.toString(16)}\r\n`), ...gathered, END_OF_CHUNK]));
    socket.uncork();
  }

  #sendHead(): void {
    if (this.#headSent) return;
    this.#headSent = true;
    this.response.flushHeaders();
  }

  #begin(): void {
    this.hasEvents = true;
    clearInterval(this.#keepAlive);
    this.call.markFirstToken();
  }

  #send(events: Buffer): void {
    if (!this.#hasHead) this.#writeHead();
    if (this.#gathered.push(events) > 1) return;
    if (this.#headSent) flushLater(this);
    else setImmediate(() => this.flush());
  }

  #writeHead(): void {
    this.#hasHead = true;
    const headers = answerHeaders(this.call);
    headers['content-type'] = 'text/event-stream; charset=utf-8';
    headers['cache-control'] = 'no-cache';
    if (this.#chunked) headers['transfer-encoding'] = 'chunked';
    headers['x-accel-buffering'] = 'no'; // nginx in between would collect the stream
    this.response.writeHead(200, headers);
  }
}
