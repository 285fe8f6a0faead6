/** `512 µs`. */
export function micros(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} µs`;
}

/** `0.413 ms`. */
export function millis(value: number): string {
  return `${value.toFixed(3)} ms`;
}

/** `0.27 ×`. */
export function times(value: number): string {
  return `${value.toFixed(2)} ×`;
}

/** `12.5 KiB`. */
export function kib(value: number): string {
  return `${value.toFixed(1)} KiB`;
}

/** `8412 /s`. */
export function perSecond(value: number): string {
  return `${value.toFixed(0)} /s`;
}

/** `212 MiB`. */
export function mib(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

/** The value in its unit, or a dash where there is none. */
export function orDash(format: (value: number) => string, value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : format(value);
}
