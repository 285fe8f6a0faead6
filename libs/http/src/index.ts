export * from './error-answer.js';
export * from './error-format.js';
export * from './error.filter.js';
export * from './http-adapter.js';
export * from './pino-logger.js';
