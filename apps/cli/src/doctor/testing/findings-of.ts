import { runChecks, type Check } from '../check.js';
import type { Finding } from '../finding.js';

const DEADLINE_MS = 20_000;

/** All that a check finds. */
export async function findingsOf(check: Check): Promise<readonly Finding[]> {
  const [report] = await runChecks([check], DEADLINE_MS);
  return report?.findings ?? [];
}
