export * from './migrate.js';
export * from './postgres-pool.js';
