import { InvalidArgumentError, Option } from 'commander';

/** An option that takes a whole number within bounds; anything else is a usage error. */
export function numberOption(
  flags: string,
  description: string,
  bounds: { min: number; max: number },
): Option {
  return new Option(flags, description).argParser((text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= bounds.min && value <= bounds.max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${bounds.min} to ${bounds.max}.`);
  });
}
