export * from './admin-api.js';
export * from './admin-api.module.js';
