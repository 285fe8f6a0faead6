import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

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

/** A Lua script that is sent once and then called by its hash. */
export class RedisScript {
  readonly #source: string;
  readonly #sha1: string;

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
      return await redis.evalsha(this.#sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}
