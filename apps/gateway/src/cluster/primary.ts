import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { serveClusterMetrics } from './cluster-metrics.js';

const RESPAWN_MS = 1000;

/**
 * Runs the given number of workers on one port, replaces those that die, and on SIGTERM ends when all have drained.
 * When a worker dies before any has listened, the start has failed, and the process ends with that worker's code.
 */
export function runPrimary(workers: number, logger: Logger): void {
  let stopping = false;
  let started = false;
  serveClusterMetrics();
  for (let i = 0; i < workers; i += 1) cluster.fork();
  cluster.once('listening', () => (started = true));
  cluster.on('exit', (worker, code, signal) => {
    if (stopping) {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
      return;
    }
    logger.error({ worker: worker.id, code, signal }, 'worker died');
    if (!started) process.exit(code || 1);
    setTimeout(() => {
      if (!stopping) cluster.fork();
    }, RESPAWN_MS);
  });
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
    if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
