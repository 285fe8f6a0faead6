import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import type { AuditEntry } from './audit-entry.js';
import { appendAudit, listAudit } from './audit-log.js';
import { verifyAudit } from './verify-audit.js';

const entryOf = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: 'token:abc',
  action: 'tenant.update',
  targetType: 'tenant',
  targetId: 'acme',
  tenantId: 'acme',
  before: { default_model: null, name: 'köln, 3:x' },
  after: { default_model: 'gpt-4o', budget_nano_usd: Number.MAX_SAFE_INTEGER },
  requestId: randomUUID(),
  ...change,
});

describe('the audit', () => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool({ url: database.adminUrl });
    owner = createTestPool(database);
  });
  beforeEach(async () => {
    await empty();
    for (const targetId of ['a', 'b', 'c', 'd', 'e'])
      await appendAudit(
        pool,
        entryOf({ targetId, before: undefined, tenantId: targetId === 'c' ? undefined : 'acme' }),
      );
  });
  afterAll(async () => {
    await pool.end();
    await owner.end();
    await database.drop();
  });

  /** Does as its owner what the triggers would refuse. */
  async function tamper(sql: string): Promise<void> {
    await owner.query('ALTER TABLE audit_log DISABLE TRIGGER ALL');
    await owner.query(sql);
    await owner.query('ALTER TABLE audit_log ENABLE TRIGGER ALL');
  }

  async function empty(): Promise<void> {
    await tamper('TRUNCATE audit_log');
    await owner.query("UPDATE audit_head SET seq = 0, hash = ''");
  }

  it('is whole, and says how long it is and by which hash it ends', async () => {
    const entry = entryOf();
    await appendAudit(pool, entry);
    const [last] = await listAudit(pool, {}, { limit: 1 });
    expect(last).toEqual({
      ...entry,
      seq: 6,
      at: expect.any(Date),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await verifyAudit(pool)).toEqual({
      isIntact: true,
      entries: 6,
      headHash: last?.hash,
      fault: undefined,
    });
  });

  it('is whole without any entry', async () => {
    await empty();
    expect(await verifyAudit(pool)).toMatchObject({ isIntact: true, entries: 0, headHash: '' });
  });

  it.each([
    ['a changed actor', "UPDATE audit_log SET actor = 'token:xyz' WHERE seq = 3", 3, 'changed'],
    ['a changed state', `UPDATE audit_log SET after = '{"x": 1}' WHERE seq = 2`, 2, 'changed'],
    [
      'a time moved by a microsecond',
      "UPDATE audit_log SET at = at + interval '1 us' WHERE seq = 4",
      4,
      'changed',
    ],
    [
      'a state moved to the other side',
      'UPDATE audit_log SET before = after, after = NULL WHERE seq = 3',
      3,
      'changed',
    ],
    ['a removed entry', 'DELETE FROM audit_log WHERE seq = 3', 3, 'missing'],
    ['a removed first entry', 'DELETE FROM audit_log WHERE seq = 1', 1, 'missing'],
    ['removed last entries', 'DELETE FROM audit_log WHERE seq > 3', 4, 'missing'],
    ['everything removed', 'TRUNCATE audit_log', 1, 'missing'],
    [
      'two entries that changed places',
      'UPDATE audit_log SET seq = -seq WHERE seq IN (2, 3); UPDATE audit_log SET seq = 5 + seq WHERE seq IN (-2, -3)',
      2,
      'changed',
    ],
    [
      'a removed entry whose gap was closed',
      'DELETE FROM audit_log WHERE seq = 2; UPDATE audit_log SET seq = seq - 1 WHERE seq > 2',
      2,
      'changed',
    ],
    [
      'an entry that was put behind the end',
      `INSERT INTO audit_log SELECT 6, at, actor, action, target_type, target_id, tenant_id, before, after, request_id, hash, hash FROM audit_log WHERE seq = 5`,
      6,
      'unlinked',
    ],
    [
      'an entry that was hashed anew without those after it',
      `UPDATE audit_log SET hash = sha256('x') WHERE seq = 5; UPDATE audit_head SET hash = sha256('x')`,
      5,
      'changed',
    ],
  ])('shows %s', async (_, sql, seq, kind) => {
    await tamper(sql);
    expect(await verifyAudit(pool)).toMatchObject({
      isIntact: false,
      entries: seq - 1,
      fault: { seq, kind },
    });
  });

  it('is read from its end, page by page, by what an entry is about', async () => {
    const ids = async (...args: Parameters<typeof listAudit> extends [unknown, ...infer R] ? R : never) =>
      (await listAudit(pool, ...args)).map(({ targetId }) => targetId);
    expect(await ids({}, { limit: 2 })).toEqual(['e', 'd']);
    expect(await ids({}, { limit: 2, beforeSeq: 4 })).toEqual(['c', 'b']);
    expect(await ids({ tenantId: 'acme' }, { limit: 9 })).toEqual(['e', 'd', 'b', 'a']);
    expect(await ids({ targetType: 'tenant', targetId: 'b' }, { limit: 9 })).toEqual(['b']);
    expect(await ids({ actor: "' OR true --" }, { limit: 9 })).toEqual([]);
    expect(await ids({ action: 'tenant.update', until: new Date(0) }, { limit: 9 })).toEqual([]);
    expect(await ids({ since: new Date(0), actor: 'token:abc' }, { limit: 1 })).toEqual(['e']);
  });
});
