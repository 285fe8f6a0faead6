import { Redis } from 'ioredis';

const CONNECT_TIMEOUT_MS = 2000;
const MAX_RECONNECT_DELAY_MS = 500;

/** How long Redis may take for one command. */
export interface RedisConnectionOptions {
  readonly commandTimeoutMs: number;
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
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: options.commandTimeoutMs,
    keepAlive: 10_000,
    noDelay: true,
    retryStrategy: (attempt) => Math.min(50 * attempt, MAX_RECONNECT_DELAY_MS),
  });
  redis.on('error', onError);
  return redis;
}
