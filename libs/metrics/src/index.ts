export * from './call-meter.js';
export * from './catalogue.js';
export * from './gateway-metrics.js';
