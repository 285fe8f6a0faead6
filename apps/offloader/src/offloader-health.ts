import type { OffloaderSettings } from '@tollgate/config';
import { Probe, ServiceHealth } from '@tollgate/health';
import type { ArchiveObject, ArchiveStore } from '@tollgate/stores';
import type { Pool } from 'pg';
import { MARKER_KEY } from './bucket/marker.js';
import { VERSION } from './version.js';
import type { Worker } from './worker/worker.js';

const SECOND_MS = 1000;

/** What makes this offloader fit. An open alarm stops eviction only, and so degrades it. */
export function createServiceHealth(
  { env }: OffloaderSettings,
  pool: Pool,
  archive: ArchiveStore,
  worker: Worker,
): ServiceHealth {
  const timeoutMs = env.HEALTH_CHECK_TIMEOUT_SECONDS * SECOND_MS;
  // An archive that hangs is asked once, however many look meanwhile.
  let looking: Promise<ArchiveObject | undefined> | undefined;
  const look = async (): Promise<void> => {
    looking ??= archive.head(MARKER_KEY).finally(() => (looking = undefined));
    if (!(await looking)) throw new Error('the archive has no marker');
  };
  return new ServiceHealth({
    service: 'offloader',
    version: VERSION,
    probes: [
      new Probe('database', () => pool.query('SELECT 1'), timeoutMs),
      new Probe('r2', look, timeoutMs),
      new Probe(
        'alarms',
        async () => {
          if (worker.openAlarms > 0) throw new Error('an alarm is open');
        },
        timeoutMs,
      ),
    ],
    required: (name) => name !== 'alarms',
    refusalReason: () =>
      worker.isDraining ? 'shutting down' : worker.pauseReason && `paused: ${worker.pauseReason}`,
  });
}
