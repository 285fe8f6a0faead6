import type { ClientBase } from 'pg';

/** What runs statements: a pool, or the connection of a transaction. */
export type Queryable = Pick<ClientBase, 'query'>;

/** Names a row by columns and their values; both the table and the columns are our own words, never somebody's input. */
export interface RowPlace {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
}

/** Somebody else has changed a row since the edition that a change was made for. */
export class StaleRowError extends Error {
  override readonly name = 'StaleRowError';

  constructor(readonly currentVersion: number) {
    super('The row has a newer edition.');
  }
}

function whereOf({ key }: RowPlace, firstParameter: number): string {
  return Object.keys(key)
    .map((column, i) => `${column} = $${firstParameter + i}`)
    .join(' AND ');
}

/** The edition of a row; undefined when there is no such row. */
export async function findRowVersion(client: Queryable, place: RowPlace): Promise<number | undefined> {
  const { rows } = await client.query<{ version: string }>(
    `SELECT version FROM ${place.table} WHERE ${whereOf(place, 1)}`,
    Object.values(place.key),
  );
  return rows[0] && Number(rows[0].version);
}

async function explain(client: Queryable, place: RowPlace): Promise<false> {
  const current = await findRowVersion(client, place);
  if (current !== undefined) throw new StaleRowError(current);
  return false;
}

/**
 * Changes a row if it still has this edition: of two who change the same edition, exactly one succeeds. Undefined
 * values become NULL. Answers false when there is no such row.
 * @throws StaleRowError
 */
export async function updateRow(
  client: Queryable,
  place: RowPlace,
  version: number,
  set: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  // An UPDATE that sets nothing is none; setting this to itself still makes an edition.
  const assignments = ['updated_at = now()', ...Object.keys(set).map((column, i) => `${column} = $${i + 1}`)];
  const values = Object.values(set).map((value) => value ?? null);
  const text = `UPDATE ${place.table} SET ${assignments.join(', ')}
    WHERE version = $${values.length + 1} AND ${whereOf(place, values.length + 2)}`;
  const { rowCount } = await client.query(text, [...values, version, ...Object.values(place.key)]);
  return rowCount === 1 || explain(client, place);
}

/**
 * Deletes a row if it still has this edition. Answers false when there is no such row.
 * @throws StaleRowError
 */
export async function deleteRow(client: Queryable, place: RowPlace, version: number): Promise<boolean> {
  const text = `DELETE FROM ${place.table} WHERE version = $1 AND ${whereOf(place, 2)}`;
  const { rowCount } = await client.query(text, [version, ...Object.values(place.key)]);
  return rowCount === 1 || explain(client, place);
}
