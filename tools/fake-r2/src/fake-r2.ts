import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorAnswer, type Answer } from './answer.js';
import { Bucket } from './bucket.js';
import { ControlDesk, CONTROL_PREFIX } from './control-desk.js';
import { DiskShelf } from './disk-shelf.js';
import { FaultBook } from './fault-book.js';
import type { Fault } from './fault.js';
import { MemoryShelf, type ObjectShelf } from './object-shelf.js';
import { OperationLog } from './operation-log.js';
import { readOperation, type S3Request } from './operation.js';
import { S3Error } from './s3-error.js';
import { send } from './send.js';
import { checkSignature, type Credentials } from './signature.js';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** How a fake R2 is started. */
export interface FakeR2Options {
  /** Default `checkpoints`. */
  readonly bucket?: string;
  readonly credentials?: Credentials;
  /** Default: a free one. */
  readonly port?: number;
  /** Default loopback. */
  readonly host?: string;
  /** Keeps objects in this folder; default: in memory. */
  readonly folder?: string;
  /** ms since the epoch, for signatures and the rate of writes; default Date.now. */
  readonly now?: () => number;
  /** Of the random that faults with a probability use; default 1. */
  readonly seed?: number;
  /** Default true: a key can be written once a second. */
  readonly limitsWrites?: boolean;
  /** Default true: the server does what its control API is told, by anyone. */
  readonly hasControl?: boolean;
}

/** A fake of Cloudflare R2: one bucket behind S3's API in path style, with faults. */
export class FakeR2 {
  readonly bucket: string;
  readonly credentials: Credentials;
  /** The objects at rest. */
  readonly shelf: ObjectShelf;
  readonly faults: FaultBook;
  readonly log = new OperationLog();
  readonly #bucket: Bucket;
  readonly #desk: ControlDesk;
  readonly #now: () => number;
  #server: Server;
  #port: number;

  private constructor(private readonly options: FakeR2Options) {
    this.bucket = options.bucket ?? 'checkpoints';
    this.credentials = options.credentials ?? {
      accessKeyId: 'fake-access-key',
      secretAccessKey: 'fake-secret-key',
    };
    this.shelf = options.folder === undefined ? new MemoryShelf() : new DiskShelf(options.folder);
    this.faults = new FaultBook(options.seed ?? 1);
    this.#now = options.now ?? Date.now;
    const { shelf, faults, log } = this;
    this.#bucket = new Bucket({ shelf, now: this.#now, limitsWrites: options.limitsWrites ?? true });
    this.#desk = new ControlDesk({ shelf, faults, log });
    this.#port = options.port ?? 0;
    this.#server = this.#createServer();
  }

  static async start(options: FakeR2Options = {}): Promise<FakeR2> {
    const fake = new FakeR2(options);
    await fake.#listen();
    return fake;
  }

  /** Endpoint without the bucket. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Goes down: breaks every connection and takes no more. Objects stay. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Comes up again on the same port. */
  async restart(): Promise<void> {
    this.#server = this.#createServer();
    await this.#listen();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, this.options.host ?? '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #createServer(): Server {
    return createServer(
      (request, response) => void this.#serve(request, response).catch(() => response.destroy()),
    );
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('date', new Date(this.#now()).toUTCString());
    const isHead = message.method === 'HEAD';
    const body = await readBody(message);
    const { url = '/', method = '' } = message;
    if (url.startsWith(CONTROL_PREFIX) && this.options.hasControl !== false) {
      await send(response, this.#desk.answer(method, url, body ?? Buffer.alloc(0)), isHead);
      return;
    }
    const request = understand(message, body);
    if (request instanceof S3Error) {
      await send(response, errorAnswer(request), isHead);
      return;
    }
    const { operation, key } = request;
    this.log.count(operation);
    const fault = this.faults.take(operation, key);
    const given = this.#answer(message, request, fault);
    this.log.note({ operation, key, status: given?.status });
    if (given) await send(response, given, isHead, operation === 'PutObject' ? undefined : fault);
  }

  /** Undefined: there is no answer, ever. */
  #answer(message: IncomingMessage, request: S3Request, fault: Fault | undefined): Answer | undefined {
    const refusal =
      fault?.kind === 'error' ? errorAnswer(new S3Error(fault.code, fault.retryAfterSeconds)) : undefined;
    const hasFailed = fault?.kind === 'hang' || fault?.kind === 'error';
    if (hasFailed && !fault.isCommitted) return refusal;
    if (fault?.kind === 'wipe') this.shelf.delete(request.key);
    if (fault?.kind === 'wipe-all') this.shelf.clear();
    try {
      checkSignature(message, request.body, this.credentials, this.#now());
      if (request.bucket !== this.bucket) throw new S3Error('NoSuchBucket');
      const served = this.#bucket.serve(request);
      if (request.operation === 'PutObject') this.#rot(request.key, fault);
      return hasFailed ? refusal : served;
    } catch (error) {
      return errorAnswer(error instanceof S3Error ? error : new S3Error('InternalError'));
    }
  }

  /** What was received well is kept badly. */
  #rot(key: string, fault: Fault | undefined): void {
    if (fault?.kind === 'truncate') this.shelf.truncate(key, fault.keptBytes);
    if (fault?.kind === 'flip-bit') this.shelf.flipBit(key, fault.bit);
  }
}

function understand(message: IncomingMessage, body: Buffer | undefined): S3Request | S3Error {
  if (!body) return new S3Error('EntityTooLarge');
  try {
    return readOperation(message, body);
  } catch (error) {
    return error instanceof S3Error ? error : new S3Error('InvalidArgument');
  }
}

/** Undefined: it is longer than any object may be. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes <= MAX_BODY_BYTES) parts.push(part);
  }
  return sizeBytes <= MAX_BODY_BYTES ? Buffer.concat(parts) : undefined;
}
