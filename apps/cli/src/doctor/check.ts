import { error, type Finding } from './finding.js';
import { codeOf } from './error-code.js';

/** Looks at one thing that a gateway depends on. */
export interface Check {
  readonly name: string;
  /** Finds out one thing after the other; after the signal nobody listens any more. */
  run(signal: AbortSignal): AsyncIterable<Finding>;
}

/** All that one check found. */
export interface CheckReport {
  readonly check: string;
  readonly findings: readonly Finding[];
}

const SECOND_MS = 1000;
const WHY = 'The rest of this check is not known, and a gateway may wait just as long.';

async function collect(found: AsyncIterable<Finding>, findings: Finding[]): Promise<void> {
  for await (const finding of found) findings.push(finding);
}

function crash(thrown: unknown): Finding {
  return error(
    `The check broke off (${codeOf(thrown)}).`,
    'The rest of this check is not known.',
    'Mend what the other findings name, and run it again.',
  );
}

async function runCheck(check: Check, deadlineMs: number): Promise<CheckReport> {
  const findings: Finding[] = [];
  const cut = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      const what = `No answer within ${deadlineMs / SECOND_MS} s.`;
      resolve(error(what, WHY, 'Look for a firewall or an overload on the way; --timeout waits longer.'));
    }, deadlineMs);
  });
  const done = collect(check.run(cut.signal), findings).then(() => undefined, crash);
  const last = await Promise.race([done, late]);
  clearTimeout(timer);
  cut.abort();
  return { check: check.name, findings: last ? [...findings, last] : [...findings] };
}

/** Runs checks at the same time, each within the deadline; one that hangs or breaks is a finding, and the rest go on. */
export function runChecks(checks: readonly Check[], deadlineMs: number): Promise<CheckReport[]> {
  return Promise.all(checks.map((check) => runCheck(check, deadlineMs)));
}
