import type { ServerResponse } from 'node:http';

/** Waits `delayMs`; gives false, at once, when the connection closes first. */
export function pause(response: ServerResponse, delayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      response.off('close', onClose);
      resolve(true);
    }, delayMs);
    response.once('close', onClose);
  });
}

/** Waits until the client has read enough for more to be written; gives false when the connection closes first. */
export function untilDrained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => {
      response.off('drain', onDrain);
      resolve(false);
    };
    const onDrain = (): void => {
      response.off('close', onClose);
      resolve(true);
    };
    response.once('drain', onDrain);
    response.once('close', onClose);
  });
}

/** Writes bytes and waits until they have left the process; gives false when the connection closes first. */
export function writeThrough(response: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => resolve(false);
    response.once('close', onClose);
    response.write(bytes, () => {
      response.off('close', onClose);
      resolve(!response.destroyed);
    });
  });
}

/** Closes the socket under a response without ending the response; what was written still reaches the client. */
export function cutSocket(response: ServerResponse): void {
  // One turn later: within the turn Node still holds back what was written.
  setImmediate(() => response.socket?.destroySoon());
}
