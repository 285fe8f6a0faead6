import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import { appendAudit } from '@tollgate/stores';
import type { Pool } from 'pg';
import { spawnCommandLine, type Finished } from '../testing/spawn-command-line.js';

describe('tollgate audit verify', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
    for (const targetId of ['a', 'b'])
      await appendAudit(pool, {
        actor: 'admin-token',
        action: 'tenant.create',
        targetType: 'tenant',
        targetId,
        tenantId: targetId,
        before: undefined,
        after: { id: targetId },
        requestId: randomUUID(),
      });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const verify = (...args: readonly string[]): Promise<Finished> =>
    spawnCommandLine({ DATABASE_URL: database.url }, ['audit', 'verify', ...args]);

  it('says that all is well, and names what is not', async () => {
    expect(await verify()).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^WHAT\tVALUE\nintact\tyes\ngood entries\t2\nhash of the last\t[0-9a-f]{64}\n$/,
      ),
      err: '',
    });
    await pool.query('ALTER TABLE audit_log DISABLE TRIGGER ALL');
    await pool.query('DELETE FROM audit_log WHERE seq = 2');
    const { code, out, err } = await verify('--json');
    expect({ code, err, verdict: JSON.parse(out) as unknown }).toEqual({
      code: 1,
      err: 'Entry 2 is missing.\n',
      verdict: {
        is_intact: false,
        entries: 1,
        head_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        fault: { seq: 2, kind: 'missing' },
      },
    });
  });
});
