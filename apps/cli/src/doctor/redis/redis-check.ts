import type { Clock } from '@tollgate/domain';
import { Redis } from 'ioredis';
import type { Check } from '../check.js';
import { judgeClock, readClock } from '../clock-reading.js';
import { codeOf } from '../error-code.js';
import { error, ok, type Finding } from '../finding.js';
import { unreachable, type Target } from '../unreachable.js';
import { judgeServer } from './judge-server.js';
import { judgePersistence } from './judge-persistence.js';
import { parseInfo } from './parse-info.js';

/** One attempt and no queue: what does not work at once is a finding. */
const CONNECTION = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 5000,
  commandTimeout: 5000,
  retryStrategy: () => null,
} as const;
const TARGET: Target = {
  name: 'Redis',
  variable: 'REDIS_URL',
  why: 'Without it no call can be admitted (BUDGET_FAILURE_MODE=closed), or none is bounded (open).',
  remedies: {
    WRONGPASS: 'Correct user and password',
    NOAUTH: 'Give user and password',
    NOPERM: 'Let this user run INFO, TIME, EVAL, EVALSHA and SCRIPT, and use all keys of tollgate:*',
    LOADING: 'Wait until it has read its data',
  },
};
const CLOCK_WHY = 'Rates and the ends of holds go by its clock, months by the gateways’.';

/** Redis says what is wrong in the first word of its reply, in capitals. */
function replyCode(thrown: unknown): string {
  const code = thrown instanceof Error ? /^[A-Z]{3,20}(?= )/.exec(thrown.message)?.[0] : undefined;
  return code ?? codeOf(thrown);
}

async function readNow(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** The text of the `save` setting; undefined where it may not be read, as with most hosted ones. */
async function readSnapshots(redis: Redis): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config('GET', 'save')) as string[];
    return value;
  } catch {
    return undefined; // what is not known is said so by the judgement
  }
}

/** The server of the budgets: reachable, new enough, writable, and one that forgets nothing by itself. */
export class RedisCheck implements Check {
  readonly name = 'redis';

  constructor(private readonly options: { readonly url: string; readonly clock: Clock }) {}

  async *run(signal: AbortSignal): AsyncIterable<Finding> {
    let lastError: unknown;
    const redis = new Redis(this.options.url, CONNECTION);
    redis.on('error', (event) => (lastError = event));
    const close = (): void => {
      // A connection that has ended already would leave a timer behind.
      if (redis.status !== 'end') redis.disconnect();
    };
    signal.addEventListener('abort', close);
    try {
      await redis.connect();
      yield* this.#look(redis);
    } catch (thrown) {
      // The connection's own event says more than the command that ended with it.
      const code = replyCode(lastError ?? thrown);
      yield unreachable(TARGET, thrown, code);
    } finally {
      close();
    }
  }

  async *#look(redis: Redis): AsyncIterable<Finding> {
    const info = parseInfo(await redis.info());
    yield* judgeServer(info, info['redis_mode'] === 'cluster' ? await readCluster(redis) : undefined);
    yield judgePersistence(info, await readSnapshots(redis));
    yield judgeClock('Redis', CLOCK_WHY, await readClock(this.options.clock, () => readNow(redis)));
    yield await this.#tryScript(redis);
  }

  async #tryScript(redis: Redis): Promise<Finding> {
    try {
      await redis.eval("return redis.call('EXISTS', KEYS[1])", 1, 'tollgate:tenants');
      return ok('Redis runs scripts on the keys of Tollgate.');
    } catch (thrown) {
      const code = replyCode(thrown);
      return error(
        `Redis refuses a script on the keys of Tollgate (${code}).`,
        'Every hold and every settlement is a script.',
        `${TARGET.remedies?.[code] ?? 'Look at what the code says'}: REDIS_URL.`,
      );
    }
  }
}

async function readCluster(redis: Redis): Promise<Readonly<Record<string, string>>> {
  return parseInfo(String(await redis.cluster('INFO')));
}
