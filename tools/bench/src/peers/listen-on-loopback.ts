import { Server } from 'node:net';

/**
 * Preloaded into a peer that can only listen on all addresses: its `listen(port, ...)` becomes one on 127.0.0.1.
 * Plain enough for Node's own type stripping.
 */
type Listen = (this: Server, ...args: unknown[]) => Server;

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the server as its `this`
const listen = Server.prototype.listen as Listen;

function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [port] = args;
  if (typeof port !== 'number') return listen.apply(this, args);
  return listen.call(this, port, '127.0.0.1', ...args.filter((argument) => typeof argument === 'function'));
}

Object.assign(Server.prototype, { listen: listenOnLoopback });
