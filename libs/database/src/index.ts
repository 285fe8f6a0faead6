export * from './migrate.js';
export * from './postgres-pool.js';
export * from './schema-difference.js';
