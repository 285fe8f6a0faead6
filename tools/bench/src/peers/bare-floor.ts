import { startRedis } from '@tollgate/dev-services';
import type { BenchContext } from '../run/bench-context.js';
import { runOwnScript } from '../run/own-script.js';
import { mockHeaders, type Peer, type RunningPeer } from './peer.js';

/** `node:http` and undici with two calls to Redis for each request. */
export const enforcingFloor: Peer = {
  name: 'floor',
  start: async (context) => {
    const redis = await startRedis();
    context.cleanup.add(redis);
    const floor = await startFloor(context, 'floor/enforcing-floor', [redis.url]);
    const stop = async (): Promise<void> => {
      await floor.stop();
      await redis.stop();
      context.cleanup.forget(redis);
    };
    return { ...floor, stop };
  },
};

/** `node:http` and undici, each chunk written on. */
export const streamingFloor: Peer = {
  name: 'floor',
  start: (context) => startFloor(context, 'floor/streaming-floor', []),
};

async function startFloor(
  context: BenchContext,
  script: string,
  args: readonly string[],
): Promise<RunningPeer> {
  const { child, ready } = await runOwnScript<{ readonly port: number }>(context.cleanup, script, [
    context.mock.url,
    ...args,
  ]);
  const target = { origin: `http://127.0.0.1:${ready.port}`, headers: mockHeaders };
  return { target, pid: child.pid, stop: () => child.stop() };
}
