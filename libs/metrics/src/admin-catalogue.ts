import type { MetricDefinition } from './catalogue.js';

/** Every metric of the admin API. */
export const ADMIN_METRICS = {
  tollgate_admin_requests_total: {
    type: 'counter',
    help: 'Requests of operators, by operation and how they ended: ok, or an error code.',
    labels: ['operation', 'outcome'],
  },
  tollgate_admin_seconds: {
    type: 'histogram',
    help: 'Requests of operators, from the parsed headers to the answer.',
    labels: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  tollgate_admin_refused_logins_total: {
    type: 'counter',
    help: 'Tokens of operators that were refused.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;
