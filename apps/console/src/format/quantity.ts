const whole = new Intl.NumberFormat('en-US');
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number with the thing it counts. */
export function formatCount(count: number | null | undefined, unit = ''): string {
  return count == null ? '–' : `${whole.format(count)}${unit && ` ${unit}`}`;
}

/** Bytes in the largest unit that leaves a whole part. */
export function formatBytes(sizeBytes: number | null | undefined): string {
  if (sizeBytes == null) return '–';
  const power = sizeBytes < 1 ? 0 : Math.min(Math.floor(Math.log2(sizeBytes) / 10), BYTE_UNITS.length - 1);
  const size = sizeBytes / 1024 ** power;
  return `${size.toFixed(power === 0 ? 0 : 1)} ${BYTE_UNITS[power] ?? 'B'}`;
}

/** Milliseconds, or seconds from one on. */
export function formatMs(durationMs: number | null | undefined): string {
  if (durationMs == null) return '–';
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(2)} s`;
}

/** A part of a whole. */
export function formatShare(part: number, whole_: number): string {
  return whole_ === 0 ? '–' : `${((100 * part) / whole_).toFixed(1)} %`;
}
