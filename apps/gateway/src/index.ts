export * from './database-role.js';
export * from './gateway.js';
export * from './gateway.module.js';
