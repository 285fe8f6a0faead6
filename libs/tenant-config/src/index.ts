export * from './tenant.js';
export * from './tenant-directory.js';
export * from './tenant-source.js';
