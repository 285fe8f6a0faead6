export * from './command-line-settings.js';
export * from './configuration-error.js';
export * from './named-models.js';
export * from './parse-environment.js';
export * from './settings.js';
export * from './tenant-variables.js';
export * from './variable.js';
export * from './variables.js';
