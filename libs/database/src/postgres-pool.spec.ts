import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from './postgres-pool.js';
import { createTestDatabase, type TestDatabase } from './testing/test-database.js';

describe('createPostgresPool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it.each([
    ['keeps the names of statements', true, [{ name: 'answer' }], '1234ms'],
    ['drops them, and all that lasts longer than a transaction, for poolers', false, [], '0'],
  ])('%s', async (_, namedStatements, prepared, timeout) => {
    const pool = createPostgresPool({
      url: database.url,
      maxConnections: 1,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 1234,
      namedStatements,
      onIdleError: () => undefined,
    });
    try {
      const { rows } = await pool.query({ name: 'answer', text: 'SELECT $1::int AS n', values: [42] });
      expect(rows).toEqual([{ n: 42 }]);
      expect((await pool.query('SELECT name FROM pg_prepared_statements')).rows).toEqual(prepared);
      expect((await pool.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: timeout }]);
    } finally {
      await pool.end();
    }
  });
});
