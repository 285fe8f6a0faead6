import { ADMIN_METRICS } from './admin-catalogue.js';
import { OFFLOADER_METRICS } from './offloader-catalogue.js';

/** One metric as it is documented and registered. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
  /** How the processes of one machine add up; counters and histograms always by sum. */
  readonly aggregator?: 'sum' | 'max' | 'first';
}

const CALL_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const SHORT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Every metric. `provider` is the model provider; agents that are not registered share `other`. */
export const METRICS = {
  nova_llm_tokens_total: {
    type: 'counter',
    help: 'Tokens, by kind: input, cached_input, cache_write, output.',
    labels: ['provider', 'model', 'token_type', 'tenant_id', 'agent_id'],
  },
  nova_llm_cost_cents_total: {
    type: 'counter',
    help: 'Cost of model calls, in US cents.',
    labels: ['provider', 'model', 'tenant_id', 'agent_id'],
  },
  nova_llm_duration_seconds: {
    type: 'histogram',
    help: 'Whole call, from the request to the last byte.',
    labels: ['provider', 'model', 'tenant_id'],
    buckets: CALL_SECONDS,
  },
  nova_llm_invocations_total: {
    type: 'counter',
    help: 'Model calls, by how they ended: completed, aborted, failed, presumed.',
    labels: ['provider', 'model', 'status', 'tenant_id', 'agent_id'],
  },
  nova_llm_tenant_rate_limit: {
    type: 'gauge',
    help: "The tenant's limit, in requests per minute.",
    labels: ['tenant_id'],
    aggregator: 'first',
  },
  nova_llm_tenant_budget_remaining_cents: {
    type: 'gauge',
    help: "What the tenant's month has left after holds, in US cents, as of its last call.",
    labels: ['tenant_id'],
    aggregator: 'first',
  },
  tollgate_overhead_seconds: {
    type: 'histogram',
    help: "The gateway's own part of a call before its upstream request is sent.",
    labels: [],
    buckets: SHORT_SECONDS,
  },
  tollgate_first_token_seconds: {
    type: 'histogram',
    help: 'From the request to the first byte of a stream.',
    labels: ['provider', 'model'],
    buckets: CALL_SECONDS,
  },
  tollgate_calls_in_flight: { type: 'gauge', help: 'Model calls under way.', labels: [], aggregator: 'sum' },
  tollgate_held_nano_usd: {
    type: 'gauge',
    help: 'Money held for calls of this process that are not settled yet.',
    labels: [],
    aggregator: 'sum',
  },
  tollgate_refusals_total: {
    type: 'counter',
    help: 'Requests refused or failed, by error code.',
    labels: ['code'],
  },
  tollgate_degraded_calls_total: {
    type: 'counter',
    help: 'Calls that passed without a budget (BUDGET_FAILURE_MODE=open).',
    labels: [],
  },
  tollgate_presumed_events_total: {
    type: 'counter',
    help: 'Usage events written for calls of which nobody saw the end.',
    labels: [],
  },
  tollgate_budget_alerts_total: {
    type: 'counter',
    help: 'Budgets that reached a threshold.',
    labels: ['tenant_id', 'threshold_percent'],
  },
  tollgate_ledger_backlog_events: {
    type: 'gauge',
    help: 'Usage events that wait for the ledger.',
    labels: [],
    aggregator: 'sum',
  },
  tollgate_ledger_lag_seconds: {
    type: 'gauge',
    help: 'How long the oldest waiting event has waited.',
    labels: [],
    aggregator: 'max',
  },
  tollgate_tenant_settings_age_seconds: {
    type: 'gauge',
    help: 'Since when the source of the tenant settings cannot be read; 0 while it can.',
    labels: [],
    aggregator: 'max',
  },
  budget_drift_nano_usd: {
    type: 'gauge',
    help: 'Difference between the budget store and the ledger, as found and repaired by the last reconciliation.',
    labels: [],
    aggregator: 'max',
  },
  tollgate_failed_tries_total: {
    type: 'counter',
    help: 'Upstream calls that failed without cost and were followed by another.',
    labels: ['provider', 'model'],
  },
  tollgate_breaker_open: {
    type: 'gauge',
    help: 'One while calls to a model are paused because most of them failed.',
    labels: ['provider', 'model'],
    aggregator: 'max',
  },
  tollgate_checkpoint_operations_total: {
    type: 'counter',
    help: 'Checkpoint requests: put, get, delete, list; by how they ended: ok, or an error code.',
    labels: ['operation', 'outcome'],
  },
  tollgate_checkpoint_seconds: {
    type: 'histogram',
    help: 'Checkpoint requests, from the parsed headers to the answer.',
    labels: ['operation'],
    buckets: SHORT_SECONDS,
  },
  tollgate_checkpoint_bytes_total: {
    type: 'counter',
    help: 'Bytes of documents that were written and read, before gzip.',
    labels: ['direction'],
  },
  tollgate_checkpoint_reads_total: {
    type: 'counter',
    help: 'Checkpoints that were read, by where they came from: live, cache, archive.',
    labels: ['from'],
  },
  bound_exceeded_total: {
    type: 'counter',
    help: 'Calls that a model provider billed above their bound.',
    labels: [],
  },
  ...OFFLOADER_METRICS,
  ...ADMIN_METRICS,
} as const satisfies Record<string, MetricDefinition>;

/** The name of a metric. */
export type MetricName = keyof typeof METRICS;
