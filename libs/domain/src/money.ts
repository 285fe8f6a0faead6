/** Nano-dollars in one dollar; all money in Tollgate is an integer number of nano-USD (1e-9 $). */
export const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars in one US cent. */
export const NANO_PER_CENT = 10_000_000;

/** The largest representable amount, about $9 million: the safe-integer range of JavaScript and of Redis' Lua. */
export const MAX_NANO_USD = Number.MAX_SAFE_INTEGER;

/** Converts whole cents to nano-USD; throws a RangeError for anything that is not an exact, representable amount. */
export function centsToNanoUsd(cents: number): number {
  const nanoUsd = cents * NANO_PER_CENT;
  if (!Number.isInteger(cents) || cents < 0 || !Number.isSafeInteger(nanoUsd)) {
    throw new RangeError('cents must be a whole number from 0 to 900719925');
  }
  return nanoUsd;
}

const ZERO = '0'.charCodeAt(0);

/** Formats nano-USD as an exact decimal dollar string without an exponent: 1500 becomes "0.0000015". */
export function formatUsd(nanoUsd: number): string {
  const sign = nanoUsd < 0 ? '-' : '';
  const digits = Math.abs(nanoUsd).toString().padStart(10, '0');
  const point = digits.length - 9;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  const fraction = end > point ? `.${digits.slice(point, end)}` : '';
  return `${sign}${digits.slice(0, point)}${fraction}`;
}

const USD = /^(\d{1,7})(?:\.(\d{1,9}))?$/;

/** Reads an exact decimal dollar string as `formatUsd` writes it; undefined for anything else, such as a tenth digit. */
export function parseUsd(text: string): number | undefined {
  const [, dollars, fraction = ''] = USD.exec(text) ?? [];
  if (dollars === undefined) return undefined;
  const nanoUsd = Number(dollars) * NANO_PER_USD + Number(fraction.padEnd(9, '0'));
  return nanoUsd <= MAX_NANO_USD ? nanoUsd : undefined;
}
