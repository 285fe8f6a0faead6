export * from './gateway.js';
export * from './gateway.module.js';
