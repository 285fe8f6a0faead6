export * from './call-meter.js';
export * from './catalogue.js';
export * from './gateway-metrics.js';
export * from './offloader-catalogue.js';
export * from './service-metrics.js';
