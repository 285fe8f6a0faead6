export * from './database-role.js';
export * from './health.controller.js';
export * from './health.module.js';
export * from './probe.js';
export * from './readiness.indicator.js';
export * from './service-health.js';
