/**
 * Reads a bigint or numeric of Postgres, which comes as text, as a number.
 * @throws RangeError when a double cannot hold it exactly: a sum above $9 million, over all tenants say
 */
export function toSafeInteger(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('a sum is too large to be exact');
  return number;
}
