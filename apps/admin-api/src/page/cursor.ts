import { plainText } from '@tollgate/admin-contract';
import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';

/** A page as an answer has it. */
export interface WirePage {
  readonly data: readonly object[];
  readonly next_cursor: string | null;
}

const text = z.tuple([plainText]);

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined; // judged below, as anything else that is no cursor
  }
}

/**
 * The place in a list that a cursor names; undefined without one.
 * @throws TollgateError `invalid_request`
 */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const { success, data } = text.safeParse(decode(cursor));
  if (success) return data[0];
  throw refuseCursor();
}

/** The cursor of what comes after a place. */
const writeCursor = (place: string): string => Buffer.from(JSON.stringify([place])).toString('base64url');

/** What is said of a text that is no cursor of this list. */
export function refuseCursor(): TollgateError {
  const problem = 'must be the next_cursor of a page of this list';
  return new TollgateError('invalid_request', 'The query is not legal; errors names every member at fault.', {
    violations: [{ path: 'cursor', problem }],
  });
}

/** A page out of one item more than it may have, which tells that there are more. */
export function toPage<T>(
  items: readonly T[],
  limit: number,
  placeOf: (item: T) => string,
  format: (item: T) => object,
): WirePage {
  const last = items.length > limit ? items[limit - 1] : undefined;
  const cursor = last === undefined ? null : writeCursor(placeOf(last));
  return { data: items.slice(0, limit).map(format), next_cursor: cursor };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * As `readCursor`, of a list by UUIDs.
 * @throws TollgateError `invalid_request`
 */
export function readUuidCursor(cursor: string | undefined): string | undefined {
  const place = readCursor(cursor);
  if (place !== undefined && !UUID.test(place)) throw refuseCursor();
  return place;
}

/** A page that knows by itself what comes after it. */
export function pageOf<T>(
  items: readonly T[],
  next: string | undefined,
  format: (item: T) => object,
): WirePage {
  return { data: items.map(format), next_cursor: next === undefined ? null : writeCursor(next) };
}
