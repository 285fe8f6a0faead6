import type { Pool, PoolClient } from 'pg';

/** What a transaction answers, and whether it stands. */
export interface Outcome<T> {
  readonly isCommitted: boolean;
  readonly result: T;
}

// A failure ends the whole transaction; who only says that nothing is to stand takes back no more than their own part.
async function inSavepoint<T>(
  client: PoolClient,
  work: (client: PoolClient) => Promise<Outcome<T>>,
): Promise<T> {
  await client.query('SAVEPOINT part');
  const { isCommitted, result } = await work(client);
  if (!isCommitted) await client.query('ROLLBACK TO SAVEPOINT part');
  await client.query('RELEASE SAVEPOINT part');
  return result;
}

/**
 * Runs statements as one transaction: it is rolled back when they fail or say so. With the connection of a transaction
 * that is under way, they are a part of that one.
 */
export async function inTransaction<T>(
  pool: Pool | PoolClient,
  work: (client: PoolClient) => Promise<Outcome<T>>,
): Promise<T> {
  if ('release' in pool) return inSavepoint(pool, work);
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks between two statements says so by an event, which would end the process if nobody listened.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const { isCommitted, result } = await work(client);
    await client.query(isCommitted ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    // A connection that cannot roll back is not given to anyone else.
    await client.query('ROLLBACK').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
