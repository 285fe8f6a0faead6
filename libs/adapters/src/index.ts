export * from './catalogue/catalogue-model.js';
export * from './catalogue/catalogue.js';
export * from './catalogue/price-overrides.js';
export * from './chat/chat-request.js';
export * from './model-adapter.js';
export * from './registry.js';
export * from './token-counter/token-counter.js';
export * from './upstream/upstream-failure.js';
