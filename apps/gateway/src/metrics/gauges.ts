import type { GatewayMetrics } from '@tollgate/metrics';
import type { LedgerWriter } from '@tollgate/stores';
import type { TenantDirectory } from '@tollgate/tenant-config';
import type { Breakers } from '../call/attempts/breakers.js';
import type { River } from '../call/river.js';
import type { SettleStep } from '../call/settle.js';

const SECOND_MS = 1000;
const MAX_TENANTS = 10_000;

/** Registers the gauges that are read off the running parts at each scrape. */
export function registerGauges(
  metrics: GatewayMetrics,
  river: River,
  settleStep: SettleStep,
  writer: LedgerWriter,
  directory: TenantDirectory,
  breakers: Breakers,
): GatewayMetrics {
  metrics.gauge('tollgate_calls_in_flight', (gauge) => gauge.set(river.inFlight));
  metrics.gauge('tollgate_held_nano_usd', (gauge) => gauge.set(settleStep.heldNanoUsd));
  metrics.gauge('tollgate_ledger_backlog_events', (gauge) => gauge.set(writer.backlog));
  metrics.gauge('tollgate_ledger_lag_seconds', (gauge) => gauge.set(writer.lagMs / SECOND_MS));
  metrics.gauge('tollgate_tenant_settings_age_seconds', (gauge) => {
    gauge.set(directory.staleSinceMs === undefined ? 0 : (Date.now() - directory.staleSinceMs) / SECOND_MS);
  });
  metrics.gauge('nova_llm_tenant_rate_limit', (gauge) => {
    gauge.reset();
    for (const { id, limits } of directory.listTenants().slice(0, MAX_TENANTS)) {
      if (limits.requestsPerMinute !== undefined) gauge.set({ tenant_id: id }, limits.requestsPerMinute);
    }
  });
  metrics.gauge('tollgate_breaker_open', (gauge) => {
    gauge.reset();
    for (const { modelProvider, model, isOpen } of breakers.list())
      gauge.set({ provider: modelProvider, model }, isOpen ? 1 : 0);
  });
  return metrics;
}
