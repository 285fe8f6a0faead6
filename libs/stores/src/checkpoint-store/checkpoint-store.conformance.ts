import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckpointDraft, FoundCheckpoint } from './checkpoint.js';
import type { CheckpointQuery, CheckpointStore, PutCheckpoint, PutOptions } from './checkpoint-store.js';
import { draftOf, putOptions } from './testing/draft-of.js';

/** A store that lasts for all tests; each has a tenant of its own. */
export interface CheckpointStoreFixture {
  readonly store: CheckpointStore;
  close(): Promise<void>;
}

/** The code and the facts of a refusal. */
const refusedWith = (code: string, facts: object): object => expect.objectContaining({ code, facts });
const conflictWith = (version: number): object =>
  refusedWith('checkpoint_version_conflict', { actual_version: version });

/** The behaviour that all checkpoint stores share. */
export function describeCheckpointStore(name: string, create: () => Promise<CheckpointStoreFixture>): void {
  describe(`${name} keeps checkpoints`, () => {
    let fixture: CheckpointStoreFixture;
    let tenant: string;
    beforeAll(async () => {
      fixture = await create();
    });
    beforeEach(() => {
      tenant = `t-${randomUUID()}`;
    });
    afterAll(() => fixture.close());

    const put = (
      runId: string,
      draft: CheckpointDraft = draftOf('{}'),
      options: Partial<PutOptions> = {},
    ): Promise<PutCheckpoint> => fixture.store.put(tenant, runId, draft, putOptions(options));
    const get = (runId: string, version?: number): Promise<FoundCheckpoint | undefined> =>
      fixture.store.get(tenant, runId, version);
    const versionOf = async (runId: string, version?: number): Promise<number | undefined> =>
      (await get(runId, version))?.head.version;
    const list = async (query: Partial<CheckpointQuery> = {}): Promise<string[]> =>
      (await fixture.store.list(tenant, { limit: 100, ...query })).items.map(({ runId }) => runId);

    it('gives back what was put, byte for byte, with what it knows of it', async () => {
      const draft = draftOf('{"step_outputs":"\\u0000"}', {
        status: 'paused',
        agentId: 'planner',
        workflowId: 'wf-1',
        nextStepIndex: 7,
      });
      const { createdAt, updatedAt, ...written } = await put('run', draft);
      expect(written).toEqual({ version: 1, isNew: true });
      expect(updatedAt).toEqual(createdAt);
      const { documentGzip, ...facts } = draft;
      expect(await get('run')).toEqual({
        source: 'live',
        head: { runId: 'run', version: 1, ...facts, createdAt, updatedAt },
        documentGzip,
      });
    });

    it('counts versions up, keeps the time of creation, and never goes back in time', async () => {
      const first = await put('run');
      const second = await put('run', draftOf('{"n":2}'));
      expect(second).toMatchObject({ version: 2, isNew: false, createdAt: first.createdAt });
      expect(second.updatedAt.getTime()).toBeGreaterThanOrEqual(first.updatedAt.getTime());
      const found = await get('run');
      expect(found).toMatchObject({ head: { version: 2, contentHash: draftOf('{"n":2}').contentHash } });
      expect(await get('none')).toBeUndefined();
    });

    it('writes a version only on top of the one that was named', async () => {
      await put('run');
      await expect(put('run', draftOf('{}'), { ifVersion: 2 })).rejects.toEqual(conflictWith(1));
      expect(await put('run', draftOf('{}'), { ifVersion: 1 })).toMatchObject({ version: 2 });
      await expect(put('run', draftOf('{}'), { ifVersion: 1 })).rejects.toEqual(conflictWith(2));
      await expect(put('run', draftOf('{}'), { ifVersion: Number.MAX_SAFE_INTEGER })).rejects.toEqual(
        conflictWith(2),
      );
      await expect(put('none', draftOf('{}'), { ifVersion: 1 })).rejects.toEqual(conflictWith(0));
      expect(await versionOf('none')).toBeUndefined();
    });

    it('takes version 0 for a run that must not exist yet', async () => {
      expect(await put('run', draftOf('{}'), { ifVersion: 0 })).toMatchObject({ version: 1, isNew: true });
      await expect(put('run', draftOf('{}'), { ifVersion: 0 })).rejects.toEqual(conflictWith(1));
    });

    it('lets exactly one of 50 concurrent writers write each version', async () => {
      const wins = new Map<number, number>();
      for (let version = 0; version < 5; version += 1) {
        const attempts = Array.from({ length: 50 }, (_, writer) =>
          put('run', draftOf(`{"writer":${writer}}`), { ifVersion: version }).then(
            (written) => wins.set(written.version, (wins.get(written.version) ?? 0) + 1),
            (error: unknown) => expect(error).toEqual(conflictWith(version + 1)),
          ),
        );
        await Promise.all(attempts);
      }
      expect([...wins]).toEqual([1, 2, 3, 4, 5].map((version) => [version, 1]));
    });

    it('gives each of 50 concurrent unconditional writers a version of its own', async () => {
      const written = await Promise.all(Array.from({ length: 50 }, () => put('run')));
      const versions = written.map(({ version }) => version).sort((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(written.filter(({ isNew }) => isNew)).toHaveLength(1);
    });

    it('answers each of many calls at once with its own: other tenants, other runs, refusals among them', async () => {
      const tenants = ['a', 'b', 'c'].map((name) => `${name}-${tenant}`);
      const calls = tenants.flatMap((id) =>
        Array.from({ length: 40 }, (_, n) => ({ id, n, runId: `run-${n}` })),
      );
      const documentOf = ({ id, n }: { id: string; n: number }): CheckpointDraft =>
        draftOf(JSON.stringify({ id, n }), { agentId: n % 2 ? 'odd' : null, nextStepIndex: n });
      const outcomes = await Promise.allSettled(
        calls.map((call) =>
          fixture.store.put(
            call.id,
            call.runId,
            documentOf(call),
            putOptions({ ifVersion: call.n % 5 ? 0 : 9 }),
          ),
        ),
      );
      const found = await Promise.all(calls.map(({ id, runId }) => fixture.store.get(id, runId)));
      for (const [index, call] of calls.entries()) {
        const { documentGzip, ...facts } = documentOf(call);
        const isRefused = call.n % 5 === 0;
        expect(outcomes[index]).toMatchObject(
          isRefused
            ? { status: 'rejected', reason: conflictWith(0) }
            : { status: 'fulfilled', value: { version: 1, isNew: true } },
        );
        if (isRefused) expect(found[index]).toBeUndefined();
        else expect(found[index]).toMatchObject({ head: { runId: call.runId, ...facts }, documentGzip });
      }
    });

    it('deletes a run for good: a late write does not bring it back', async () => {
      await put('run');
      await put('run');
      expect(await fixture.store.delete(tenant, 'run')).toBe(2);
      expect(await get('run')).toBeUndefined();
      expect(await list()).toEqual([]);
      const refused = refusedWith('run_deleted', { actual_version: 2 });
      await expect(put('run')).rejects.toEqual(refused);
      await expect(put('run', draftOf('{}'), { ifVersion: 2 })).rejects.toEqual(refused);
      await expect(put('run', draftOf('{}'), { ifVersion: 0 })).rejects.toEqual(refused);
    });

    it('deletes only the version that was named, and says the same again to who asks again', async () => {
      await put('run');
      await expect(fixture.store.delete(tenant, 'run', { ifVersion: 2 })).rejects.toEqual(conflictWith(1));
      expect(await fixture.store.delete(tenant, 'run', { ifVersion: 1 })).toBe(1);
      expect(await fixture.store.delete(tenant, 'run', { ifVersion: 1 })).toBe(1);
      expect(await fixture.store.delete(tenant, 'run')).toBe(1);
      expect(await fixture.store.delete(tenant, 'run', { ifVersion: 7 })).toBeUndefined();
      expect(await fixture.store.delete(tenant, 'none')).toBeUndefined();
    });

    it('begins a deleted run anew when asked to, above its last version', async () => {
      const first = await put('run');
      await fixture.store.delete(tenant, 'run');
      await expect(put('run', draftOf('{}'), { recreate: true, ifVersion: 1 })).rejects.toEqual(
        conflictWith(0),
      );
      const again = await put('run', draftOf('{}'), { recreate: true, ifVersion: 0 });
      expect(again).toMatchObject({ version: 2, isNew: true });
      expect(again.createdAt.getTime()).toBeGreaterThanOrEqual(first.createdAt.getTime());
      expect(await put('run')).toMatchObject({ version: 3, isNew: false });
    });

    it("lets an agent's writer write its own runs alone", async () => {
      const own = { boundAgentId: 'planner' };
      const planners = draftOf('{}', { agentId: 'planner' });
      const refused = expect.objectContaining({ code: 'agent_not_allowed' });
      await put('own', planners, own);
      await put('other', draftOf('{}', { agentId: 'writer' }));
      await put('nobodys', draftOf('{}'));
      for (const run of ['other', 'nobodys']) {
        await expect(put(run, planners, { ...own, ifVersion: 7 })).rejects.toEqual(refused);
        await expect(fixture.store.delete(tenant, run, own)).rejects.toEqual(refused);
        expect(await versionOf(run)).toBe(1);
      }
      expect(await put('own', planners, own)).toMatchObject({ version: 2 });
      expect(await fixture.store.delete(tenant, 'own', own)).toBe(2);
      expect(await put('own', planners, { ...own, recreate: true })).toMatchObject({ version: 3 });
    });

    it('keeps as many versions as it is told', async () => {
      for (let n = 1; n <= 4; n += 1) await put('run', draftOf(`{"n":${n}}`), { keepVersions: 3 });
      expect(await Promise.all([1, 2, 3, 4, 5].map((version) => versionOf('run', version)))).toEqual([
        undefined,
        2,
        3,
        4,
        undefined,
      ]);
      expect(await get('run', 3)).toMatchObject({
        source: 'live',
        head: { version: 3, contentHash: draftOf('{"n":3}').contentHash },
        documentGzip: draftOf('{"n":3}').documentGzip,
      });
      await put('run', draftOf('{}'), { keepVersions: 1 });
      expect(await Promise.all([3, 4, 5].map((version) => versionOf('run', version)))).toEqual([
        undefined,
        undefined,
        5,
      ]);
      await fixture.store.delete(tenant, 'run');
      await put('run', draftOf('{}'), { keepVersions: 9, recreate: true });
      expect(await Promise.all([5, 6].map((version) => versionOf('run', version)))).toEqual([undefined, 6]);
    });

    it('refuses a run beyond the quota, and neither a step of one that is there nor one after a deletion', async () => {
      const quota = { checkpoints: 2 };
      await put('a', draftOf('{}'), { quota });
      await put('b', draftOf('{}'), { quota });
      await expect(put('c', draftOf('{}'), { quota })).rejects.toEqual(
        refusedWith('checkpoint_quota_exceeded', { scope: 'checkpoints', limit: 2, used: 2 }),
      );
      expect(await put('b', draftOf('{"more":true}'), { quota })).toMatchObject({ version: 2 });
      await fixture.store.delete(tenant, 'a');
      expect(await put('c', draftOf('{}'), { quota })).toMatchObject({ version: 1 });
      expect(await put('d', draftOf('{}'), {})).toMatchObject({ version: 1 });
      await expect(put('e', draftOf('{}'), { quota: { checkpoints: 0 } })).rejects.toMatchObject({
        code: 'checkpoint_quota_exceeded',
      });
    });

    it('refuses bytes beyond the quota, counted after gzip, and lets what shrinks pass', async () => {
      const large = draftOf('{}', { documentGzip: Buffer.alloc(700) });
      const quota = { bytes: 1000 };
      await put('a', large, { quota });
      await expect(put('b', large, { quota })).rejects.toEqual(
        refusedWith('checkpoint_quota_exceeded', { scope: 'bytes', limit: 1000, used: 700 }),
      );
      const small = draftOf('{}', { documentGzip: Buffer.alloc(300) });
      await put('b', small, { quota });
      await expect(put('b', large, { quota })).rejects.toMatchObject({ facts: { used: 1000 } });
      expect(await put('a', small, { quota: { bytes: 10 } })).toMatchObject({ version: 2 });
      expect(await put('b', large, { quota })).toMatchObject({ version: 2 });
    });

    it('lists runs, newest first, page by page, each once', async () => {
      const runs = Array.from({ length: 7 }, (_, index) => `run-${index}`);
      for (const run of runs) await put(run);
      await put('run-3', draftOf('{"later":true}'));
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await fixture.store.list(tenant, { limit: 3, cursor });
        pages.push(page.items.map(({ runId }) => runId));
        cursor = page.nextCursor;
      } while (cursor);
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(pages.flat()).toEqual(runs.toReversed());
      const { items } = await fixture.store.list(tenant, { limit: 100 });
      expect(items[3]).toMatchObject({ source: 'live', runId: 'run-3', version: 2 });
      expect(items[3]).not.toHaveProperty('documentGzip');
    });

    it('lists by agent, status and time of creation', async () => {
      const a = await put('a', draftOf('{}', { agentId: 'planner', status: 'completed' }));
      await put('b', draftOf('{}', { agentId: 'planner' }));
      await put('c', draftOf('{}', { status: 'completed' }));
      expect(await list({ agentId: 'planner' })).toEqual(['b', 'a']);
      expect(await list({ status: 'completed' })).toEqual(['c', 'a']);
      expect(await list({ agentId: 'planner', status: 'completed' })).toEqual(['a']);
      expect(await list({ createdBefore: a.createdAt })).toEqual([]);
      expect(await list({ createdAfter: a.createdAt })).toEqual(['c', 'b', 'a']);
      expect(await list({ createdAfter: new Date(Date.now() + 60_000) })).toEqual([]);
    });

    it.each(['', 'x', '!', 'WyJhIl0', 'WzEsMl0', 'a'.repeat(2000)])(
      'refuses a cursor that is none: %j',
      async (cursor) => {
        await expect(list({ cursor })).rejects.toMatchObject({ code: 'invalid_request', param: 'cursor' });
      },
    );

    it('keeps tenants apart: runs of another do not exist', async () => {
      await put('run', draftOf('{"of":"one"}'));
      const other = `t-${randomUUID()}`;
      expect(await fixture.store.get(other, 'run')).toBeUndefined();
      expect(await fixture.store.delete(other, 'run')).toBeUndefined();
      expect((await fixture.store.list(other, { limit: 10 })).items).toEqual([]);
      const written = await fixture.store.put(other, 'run', draftOf('{}'), putOptions({ ifVersion: 0 }));
      expect(written).toMatchObject({ version: 1, isNew: true });
      expect(await fixture.store.delete(other, 'run')).toBe(1);
      expect(await versionOf('run')).toBe(1);
    });
  });
}
