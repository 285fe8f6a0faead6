import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase } from '@tollgate/database/testing';
import { describeCheckpointStore } from '../checkpoint-store.conformance.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

describeCheckpointStore('PostgresCheckpointStore', async () => {
  const database = await createTestDatabase();
  const pool = createPostgresPool({
    url: database.gatewayUrl,
    maxConnections: 10,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined,
  });
  return {
    store: new PostgresCheckpointStore(pool),
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
});
