export * from './clock.js';
export * from './errors/catalogue.js';
export * from './errors/tollgate-error.js';
export * from './month.js';
export * from './money.js';
export * from './price.js';
export * from './token-usage.js';
export * from './uuid-v7.js';
