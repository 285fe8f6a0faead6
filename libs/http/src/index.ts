export * from './checkpoint-wire/answers.js';
export * from './checkpoint-wire/fields.js';
export * from './checkpoint-wire/queries.js';
export * from './error-answer.js';
export * from './error-format.js';
export * from './error.filter.js';
export * from './http-adapter.js';
export * from './pino-logger.js';
