import { ServiceMetrics } from './service-metrics.js';

/** The gateway's registry. */
export class GatewayMetrics extends ServiceMetrics {}
