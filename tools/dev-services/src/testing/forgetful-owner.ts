/** Starts both servers, prints their ports as one line of JSON and never stops them. */
import { startPostgres, startRedis } from '../index.js';

const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
process.stdout.write(`${JSON.stringify({ ports: [redis.port, postgres.port] })}\n`);
