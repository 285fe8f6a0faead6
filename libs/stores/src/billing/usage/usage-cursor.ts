import { z } from 'zod';
import { BillingError } from '../billing-error.js';

const shape = z.array(z.union([z.string(), z.number()])).max(10);

/** Makes the cursor of what comes after a row, from the values of its keys. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/**
 * Reads a cursor of a query with this many keys.
 * @throws BillingError `invalid_input` when it is not one
 */
export function decodeCursor(cursor: string, count: number): (string | number)[] {
  try {
    const keys = shape.length(count).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return keys;
  } catch (cause) {
    throw new BillingError('invalid_input', 'cursor: It is not of this query.', 'cursor', { cause });
  }
}
