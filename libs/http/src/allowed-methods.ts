import type { FastifyRequest } from 'fastify';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Methods that the path of a request takes, when it is no route with its own; empty for a path that does not exist. */
export function allowedMethods({ server, is404 }: FastifyRequest, path: string): string[] {
  if (!is404) return [];
  // A path with parameters is a pattern to the router and not found here: it stays a 404.
  return METHODS.filter((method) => server.hasRoute({ method, url: path }));
}
