import { formatTime } from '@tollgate/admin-contract';
import type { WebhookDelivery, WebhookEndpoint } from '@tollgate/stores';

/** An endpoint as an answer has it. */
export function formatEndpoint(endpoint: WebhookEndpoint): Record<string, unknown> {
  return {
    id: endpoint.id,
    tenant_id: endpoint.tenantId ?? null,
    url: endpoint.url,
    thresholds: endpoint.thresholds,
    is_enabled: endpoint.isEnabled,
    created_at: formatTime(endpoint.createdAtMs),
  };
}

/** A delivery as an answer has it. */
export function formatDelivery(delivery: WebhookDelivery): Record<string, unknown> {
  return {
    id: delivery.id,
    type: delivery.type,
    data: delivery.data,
    state: delivery.state,
    created_at: formatTime(delivery.createdAtMs),
    next_attempt_at: formatTime(delivery.nextAttemptAtMs),
    attempts: delivery.attempts.map(({ attempt, atMs, durationMs, status, error, response }) => ({
      attempt,
      at: formatTime(atMs),
      duration_ms: durationMs,
      status,
      error,
      response,
    })),
  };
}
