export { getChromiumBinary } from './chromium-binary.js';
export { findFreePort } from './free-port.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres-server.js';
export { startRedis, type RedisOptions, type RedisServer } from './redis-server.js';
export type { PrivateServer } from './private-server.js';
