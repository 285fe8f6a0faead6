/** One thing that is wrong with the configuration. It never holds a value, only names. */
export interface Problem {
  /** What part is misconfigured; decides the error's name in the list. */
  readonly kind: 'configuration' | 'store' | 'adapter';
  readonly variable: string;
  /** What is wrong. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Exit code of a process that refuses to start because of its configuration (EX_CONFIG of sysexits.h). */
export const EXIT_CONFIGURATION = 78;

const ERROR_NAMES = {
  configuration: 'ConfigurationError',
  store: 'StoreConfigurationError',
  adapter: 'AdapterConfigurationError',
} as const;

/** One line for a problem: kind, variable, what is wrong, what to do. */
export function describeProblem(problem: Problem): string {
  return `${ERROR_NAMES[problem.kind]} ${problem.variable}: ${problem.problem}. ${problem.remedy}.`;
}

/** The configuration does not allow a start; `problems` holds every reason at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly Problem[]) {
    super(
      [`The configuration has ${problems.length} problem(s):`, ...problems.map(describeProblem)].join('\n  '),
    );
  }
}
