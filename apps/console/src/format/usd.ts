const NANO_USD = 1e9;

/** Nano-dollars as dollars, to the cent, or as exactly as they are when they are less than a dollar. */
export function formatNanoUsd(nanoUsd: number | null | undefined): string {
  if (nanoUsd == null) return '–';
  const usd = nanoUsd / NANO_USD;
  const isSmall = usd !== 0 && Math.abs(usd) < 1;
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: isSmall ? 9 : 2,
  }).format(usd);
}

/** Dollars of a chart's axis. */
export function formatUsdShort(usd: number): string {
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(usd);
}

/** Nano-dollars as a number of dollars, for charts. */
export function toUsd(nanoUsd: number | null | undefined): number {
  return (nanoUsd ?? 0) / NANO_USD;
}
