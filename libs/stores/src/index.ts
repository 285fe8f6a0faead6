export * from './ledger/scope-total.js';
export * from './budget-store/budget-store.js';
export * from './budget-store/budget-store-unavailable-error.js';
export * from './budget-store/redis/redis-budget-store.js';
export * from './budget-store/redis/redis-connection.js';
export * from './budget-store/memory/memory-budget-store.js';
export * from './checkpoint-store/checkpoint.js';
export * from './checkpoint-store/checkpoint-store.js';
export * from './checkpoint-store/memory/memory-checkpoint-store.js';
export * from './checkpoint-store/postgres/postgres-checkpoint-store.js';
export * from './ledger/ledger.js';
export * from './ledger/ledger-writer.js';
export * from './ledger/postgres-ledger.js';
export * from './ledger/usage-event.js';
export * from './provider-limits/provider-limits.js';
export * from './provider-limits/memory/memory-provider-limits.js';
export * from './provider-limits/redis/redis-provider-limits.js';
export * from './archive-store/archive-store.js';
export { OWN_PREFIX } from './archive-store/archive-key.js';
export * from './archive-store/archive-store-error.js';
export * from './archive-store/memory/memory-archive-store.js';
export * from './pack/gzip-whole.js';
export * from './pack/line.js';
export * from './pack/manifest.js';
export * from './pack/pack-error.js';
export * from './pack/pack-key.js';
export * from './pack/pack-reader.js';
export * from './pack/pack-writer.js';
export * from './archive-index/alarms.js';
export * from './archive-index/archive-identity.js';
export * from './archive-index/eviction-index.js';
export * from './archive-index/expiry-index.js';
export * from './archive-index/offload-queue.js';
export * from './archive-index/pack-index.js';
export * from './archive-index/pack-totals.js';
export * from './archive-index/transaction.js';
export * from './checkpoint-store/seed-checkpoints.js';
export * from './archive-index/compaction-index.js';
export * from './archive-index/garbage-index.js';
export * from './archive-index/reindex.js';
export * from './archive-index/restore-index.js';
export * from './archive-index/scrub-index.js';
export * from './archive-store/folder/folder-archive-store.js';
export * from './archive-store/s3/s3-archive-store.js';
export * from './archive-store/open-archive.js';
export * from './audit/audit-entry.js';
export * from './audit/audit-log.js';
export * from './audit/verify-audit.js';
export * from './billing/billing-error.js';
export * from './billing/rollups/rollup-verifier.js';
export * from './billing/rollups/usage-roller.js';
export {
  DIMENSIONS,
  type Dimension,
  type UsagePageQuery,
  type UsageQuery,
} from './billing/usage/usage-query.js';
export * from './billing/usage/usage-reader.js';
export { MEASURES, type Measure, type UsageRow } from './billing/usage/usage-row.js';
export * from './billing/fill-ledger.js';
export * from './billing/usage/export-usage.js';
export type { CorrectedPart, Correction, CorrectionDraft } from './billing/corrections/correction.js';
export * from './billing/corrections/corrections.js';
export * from './billing/invoices/invoice.js';
export * from './billing/invoices/invoices.js';
export * from './billing/invoices/render-invoice.js';
export type { BudgetIncrease, IncreaseDraft } from './billing/budget-increases/budget-increase.js';
export * from './billing/budget-increases/budget-increases.js';
export * from './billing/webhooks/address-policy.js';
export {
  ALERT_THRESHOLDS,
  type EndpointDraft,
  type EndpointPatch,
  type WebhookEndpoint,
} from './billing/webhooks/webhook-endpoint.js';
export * from './billing/webhooks/webhook-deliverer.js';
export * from './billing/webhooks/webhook-endpoints.js';
export * from './billing/webhooks/webhook-log.js';
export type { Forecast } from './billing/forecast/forecast-month.js';
export * from './billing/forecast/spend-forecast.js';
