import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, type Redis } from 'ioredis';

const gathering = new WeakSet<object>();

// Commands of one turn of the event loop leave in one write: a system call for each would cost more than the command.
function gatherWrites({ stream }: Redis): void {
  if (!stream || gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  setImmediate(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}

const NAME = 'evalsha';

/** One argument as a bulk string (Redis serialization protocol). */
const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

/** A call that is written already: ioredis would put all of its arguments together anew, the same keys each time. */
class WrittenCall extends Command {
  constructor(private readonly text: string) {
    super(NAME, [], { replyEncoding: 'utf8' });
  }

  override toWritable(): string {
    return this.text;
  }
}

/** What a call begins with, for as many arguments. */
interface Head {
  readonly text: string;
  readonly args: number;
}

/** A Lua script that is sent once and then called by its hash. */
export class RedisScript {
  readonly #source: string;
  readonly #sha1: string;
  /** By the list of keys itself: who calls with the same list again finds it written. */
  readonly #heads = new WeakMap<readonly string[], Head>();

  /** Reads a file that stands beside the code that calls it. */
  constructor(file: URL) {
    this.#source = readFileSync(file, 'utf8');
    this.#sha1 = createHash('sha1').update(this.#source).digest('hex');
  }

  /** Makes the script known to the server. */
  async load(redis: Redis): Promise<void> {
    await redis.script('LOAD', this.#source);
  }

  /** Runs the script; a server that does not know it yet (a fresh or restarted one) gets its source. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    gatherWrites(redis);
    try {
      return await redis.sendCommand(new WrittenCall(this.#write(keys, args)));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }

  #write(keys: readonly string[], args: readonly (string | number)[]): string {
    let head = this.#heads.get(keys);
    if (head?.args !== args.length) {
      const words = [NAME, this.#sha1, `${keys.length}`, ...keys];
      head = { text: `*${words.length + args.length}\r\n${words.map(bulk).join('')}`, args: args.length };
      this.#heads.set(keys, head);
    }
    let text = head.text;
    for (const arg of args) text += bulk(`${arg}`);
    return text;
  }
}
