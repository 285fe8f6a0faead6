import { Redis, type Command } from 'ioredis';

const CONNECT_TIMEOUT_MS = 2000;
const DISCONNECT_TIMEOUT_MS = 200;
const MAX_RECONNECT_DELAY_MS = 500;

/** How long Redis may be silent while it owes a reply. */
export interface RedisConnectionOptions {
  readonly replyTimeoutMs: number;
}

/**
 * A connection that is cut when its server falls silent, which fails every command on it. ioredis can time each command
 * by itself, at several times the cost of the command.
 */
class WatchedRedis extends Redis {
  #watchdog: NodeJS.Timeout | undefined;
  /** Since when nothing has come although a reply is owed; 0: nothing is owed. */
  #owedSinceMs = 0;

  cutWhenSilent(replyTimeoutMs: number): void {
    this.on('connect', () => {
      this.#owedSinceMs = 0;
      // ioredis has taken the replies that came off its queue by now: what is left in it is owed from here on.
      this.stream.on(
        'data',
        () => (this.#owedSinceMs = this.commandQueue.length > 0 ? performance.now() : 0),
      );
      clearInterval(this.#watchdog);
      this.#watchdog = setInterval(() => {
        if (this.#owedSinceMs > 0 && performance.now() - this.#owedSinceMs > replyTimeoutMs)
          this.stream.destroy(new Error(`Redis was silent for ${replyTimeoutMs} ms.`));
      }, replyTimeoutMs / 4);
      this.#watchdog.unref();
    });
    this.on('close', () => clearInterval(this.#watchdog));
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    this.#owedSinceMs ||= performance.now();
    return super.sendCommand(command, stream);
  }
}

/**
 * A lazy connection that fails fast: no offline queue, no resending (a script may have run although its reply was
 * lost), and a reconnect for ever. Connection errors reach the commands; the event itself is only for `onError`.
 */
export function connectRedis(
  url: string,
  options: RedisConnectionOptions,
  onError: (error: Error) => void,
): Redis {
  const redis = new WatchedRedis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Of a connection that is gone already ioredis waits for the end in vain; its default are two seconds.
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    noDelay: true,
    retryStrategy: (attempt) => Math.min(50 * attempt, MAX_RECONNECT_DELAY_MS),
  });
  redis.on('error', onError);
  redis.cutWhenSilent(options.replyTimeoutMs);
  return redis;
}
