export * from './embedded-postgres.js';
export * from './os-user.js';
export * from './path-search.js';
export * from './postgres-binaries.js';
