import { Command } from 'commander';
import { EXIT_CONFIGURATION } from '@tollgate/config';
import { outputOf, type CommandSurroundings } from '../command-context.js';
import { EXIT, EarlyExit } from '../failure.js';
import { numberOption } from '../number-option.js';
import type { Output } from '../output.js';
import type { CheckReport } from './check.js';
import type { Examination } from './examine.js';
import { formatReport, tally } from './report-text.js';

const SECOND_MS = 1000;

/** Exit codes of `doctor`, besides 0 and those of a wrong usage. */
const DOCTOR_EXIT = { warnings: 1, errors: 2, unreadable: EXIT_CONFIGURATION } as const;

const HELP = `
It reads the environment as a gateway does, and changes nothing.

Exit codes: 0 all well, 1 warnings with --strict-warnings, 2 errors, 78 the configuration cannot be read
(then nothing else is looked at).

Examples:
  npm run tollgate -- doctor
  npm -s run tollgate -- doctor --json --strict-warnings`;

interface DoctorOptions {
  readonly timeout: number;
  readonly strictWarnings?: boolean;
  readonly color: boolean;
}

function exitCodeOf({ reports, isReadable }: Examination, strictWarnings: boolean): number {
  const { warning, error } = tally(reports);
  if (!isReadable) return DOCTOR_EXIT.unreadable;
  if (error > 0) return DOCTOR_EXIT.errors;
  return strictWarnings && warning > 0 ? DOCTOR_EXIT.warnings : EXIT.done;
}

function write(reports: readonly CheckReport[], output: Output, mayColour: boolean): void {
  const findings = reports.flatMap(({ check, findings: found }) =>
    found.map((finding) => ({ check, why: null, remedy: null, ...finding })),
  );
  const { ok, warning, error } = tally(reports);
  output.report({ findings, ok, warnings: warning, errors: error }, (isTTY) =>
    formatReport(reports, isTTY && mayColour),
  );
}

/** `doctor`: what keeps a gateway from working well with this environment, and what to do about it. */
export function doctorCommand(surroundings: CommandSurroundings): Command {
  const bounds = { min: 1, max: 600 };
  const command = new Command('doctor')
    .description('look at everything that a gateway with this environment depends on')
    .addOption(numberOption('--timeout <seconds>', 'how long one check may take', bounds).default(15))
    .option('--strict-warnings', 'exit with 1 when there are warnings')
    .option('--no-color', 'print no colours on a terminal');
  return command.addHelpText('after', HELP).action(async (options: DoctorOptions) => {
    // The clients of others take half a second to load, for which no other command should wait.
    const { examine } = await import('./examine.js');
    const result = await examine(surroundings.inspectSettings(), options.timeout * SECOND_MS);
    write(result.reports, outputOf(command, surroundings), options.color);
    const exitCode = exitCodeOf(result, options.strictWarnings === true);
    if (exitCode !== EXIT.done) throw new EarlyExit(exitCode);
  });
}
