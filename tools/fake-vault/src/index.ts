export * from './fake-vault.js';
export type { Grant } from './token-book.js';
export type { KvStore } from './kv-store.js';
export * from './loopback-certificate.js';
