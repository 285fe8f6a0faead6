import { mockHeaders, type Peer } from './peer.js';

/** No gateway at all. */
export const direct: Peer = {
  name: 'direct',
  start: async ({ mock }) => ({
    target: { origin: mock.url, headers: mockHeaders },
    pid: undefined,
    stop: async () => undefined,
  }),
};
