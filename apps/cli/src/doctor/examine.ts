import type { SettingsInspection } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import { runChecks, type CheckReport } from './check.js';
import { ConfigurationCheck } from './configuration-check.js';
import { configuredChecks } from './configured-checks.js';
import { TenantLoader } from './tenants/tenant-loader.js';

/** What all checks found. */
export interface Examination {
  readonly reports: readonly CheckReport[];
  /** False when some variable could not be read, so that nothing else was looked at. */
  readonly isReadable: boolean;
}

/** Runs every check that makes sense for a configuration, each within the timeout. */
export async function examine(inspection: SettingsInspection, timeoutMs: number): Promise<Examination> {
  // A misread variable stands at its default: a key could be sent to an address that is not meant.
  if (inspection.misread.length > 0)
    return { reports: await runChecks([new ConfigurationCheck(inspection)], timeoutMs), isReadable: false };
  const loader = new TenantLoader(inspection.settings);
  const checks = configuredChecks({ inspection, loader, clock: systemClock });
  const reports = await runChecks(checks, timeoutMs);
  // Nobody waits for what is still being read, or for how it ends.
  loader.close().catch(() => undefined);
  return { reports, isReadable: true };
}
