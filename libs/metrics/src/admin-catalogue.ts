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
  tollgate_admin_chores_total: {
    type: 'counter',
    help: 'Runs of what admin APIs do beside answering (usage_rollup, webhook_delivery, webhook_log_prune), by how they ended: ok or error.',
    labels: ['chore', 'outcome'],
  },
  tollgate_admin_chore_items_total: {
    type: 'counter',
    help: "What those runs did: tenants' hours added up, webhooks tried, deliveries deleted.",
    labels: ['chore'],
  },
} as const satisfies Record<string, MetricDefinition>;
