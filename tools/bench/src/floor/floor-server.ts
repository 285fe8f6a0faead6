import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request whose body has arrived. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** Serves on a free loopback port, tells the bench which, and ends with it. */
export function serveFloor(answer: Answer): void {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(request, response, Buffer.concat(parts)));
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('disconnect', () => process.exit());
  process.on('SIGTERM', () => process.exit());
}
