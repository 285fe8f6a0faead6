import type { IncomingHttpHeaders } from 'node:http';

/** A request the mock received, as it came over the wire. */
export interface MockRequest {
  /** Header `x-client-request-id`, else `mock-request-N`. */
  readonly requestId: string;
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The body parsed as JSON; `undefined` when it is empty or not JSON. */
  readonly body: unknown;
  readonly bodyText: string;
}
