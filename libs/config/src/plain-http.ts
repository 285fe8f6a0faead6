const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL leads off this machine without encryption. */
export function isPlainHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.has(hostname);
}
