import type { Problem, SettingsInspection } from '@tollgate/config';
import type { Check } from './check.js';
import { ok, type Finding } from './finding.js';

/** The configuration: what strict mode would say of it, in every mode. */
export class ConfigurationCheck implements Check {
  readonly name = 'configuration';

  constructor(private readonly inspection: SettingsInspection) {}

  async *run(): AsyncIterable<Finding> {
    const { settings, misread, contradictions } = this.inspection;
    const { strict, warnings } = settings;
    for (const problem of [...misread, ...contradictions])
      yield toFinding(problem, 'error', 'No gateway starts with it.');
    for (const problem of warnings)
      yield strict
        ? toFinding(problem, 'error', 'Strict mode refuses to start with it.')
        : toFinding(problem, 'warning', 'Strict mode (ENV=prod) refuses to start with it.');
    if (misread.length + contradictions.length + warnings.length === 0)
      yield ok('Strict mode finds nothing missing and nothing degraded.');
  }
}

function toFinding({ variable, problem, remedy }: Problem, level: 'warning' | 'error', why: string): Finding {
  return { level, what: `${variable}: ${problem}.`, why, remedy: `${remedy}.` };
}
