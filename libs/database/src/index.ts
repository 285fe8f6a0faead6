export * from './migrate.js';
export * from './postgres-pool.js';
export * from './schema-difference.js';
export * from './service-role.js';
export * from './service-users.js';
export * from './versioned-row.js';
