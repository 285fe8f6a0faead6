import type { AdminSettings } from '@tollgate/config';
import { Probe, ServiceHealth } from '@tollgate/health';
import type { Pool } from 'pg';
import type { RequestsInFlight } from './requests-in-flight.js';
import { VERSION } from './version.js';

const SECOND_MS = 1000;

/** What makes this admin API fit: its database. */
export function createServiceHealth(
  { env }: AdminSettings,
  pool: Pool,
  requests: RequestsInFlight,
): ServiceHealth {
  const timeoutMs = env.HEALTH_CHECK_TIMEOUT_SECONDS * SECOND_MS;
  return new ServiceHealth({
    service: 'admin-api',
    version: VERSION,
    probes: [new Probe('database', () => pool.query('SELECT 1'), timeoutMs)],
    required: () => true,
    refusalReason: () => (requests.isClosed ? 'shutting down' : undefined),
  });
}
