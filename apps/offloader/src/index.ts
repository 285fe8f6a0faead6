export * from './claim/round.js';
export * from './evict/evict.js';
export * from './offload.js';
export * from './step.js';
