import type { Check } from './section.js';

/** Something measured that must not be above a limit. */
export interface Limit {
  readonly level: Check['level'];
  readonly claim: string;
  readonly measured: number | undefined;
  readonly max: number | undefined;
  /** Also the limit itself is too much. */
  readonly isStrict?: boolean;
  readonly format: (value: number) => string;
}

/** Judges a measurement; without one, or without its limit, nothing is reached. */
export function judge({ level, claim, measured, max, isStrict, format }: Limit): Check {
  if (measured === undefined || Number.isNaN(measured)) {
    return { level, claim, measured: 'not measured', isReached: undefined };
  }
  if (max === undefined || Number.isNaN(max)) {
    return { level, claim, measured: `${format(measured)}, nothing to compare with`, isReached: undefined };
  }
  const isReached = isStrict === true ? measured < max : measured <= max;
  return { level, claim, measured: format(measured), isReached };
}
