import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_LIMITS, type Limits } from '@tollgate/domain';
import { createApiKey, hashApiKey } from './api-key.js';
import { TenantDirectory } from './tenant-directory.js';
import type { TenantDefaults } from './tenant-settings.js';
import type { TenantSource } from './tenant-source.js';

/** The defaults that every source under test is made with. */
export const TEST_DEFAULTS: TenantDefaults = {
  defaultModel: 'default-model',
  fallbackModel: 'fallback-model',
  limits: {
    budgetNanoUsd: 50_000_000,
    requestsPerMinute: 60,
    tokensPerMinute: 1000,
    maxConcurrency: undefined,
  },
};

/** A tenant as a test wants the source to have it. */
export interface TenantDescription {
  readonly id: string;
  readonly keys?: readonly KeyDescription[];
  readonly defaultModel?: string;
  readonly fallbackModel?: string;
  readonly allowedModels?: readonly string[];
  readonly allowExpensive?: boolean;
  readonly modelAliases?: ReadonlyMap<string, string>;
  readonly taskModels?: ReadonlyMap<string, string>;
  /** Budgets in whole cents. */
  readonly limits?: Partial<Limits>;
  readonly maxCostPerRequestNanoUsd?: number;
  /** For sources that keep `suspension`. */
  readonly suspended?: boolean;
  /** For sources that keep `agents`. */
  readonly agents?: readonly { readonly id: string; readonly limits: Partial<Limits> }[];
}

/** A key as a test wants the source to have it. */
export interface KeyDescription {
  readonly secret: string;
  /** For sources that keep `expiry`. */
  readonly expiresAtMs?: number;
  /** For sources that keep `agents`. */
  readonly agentId?: string;
  /** For sources that keep `key limits`. */
  readonly limits?: Partial<Limits>;
}

/** What not every source has a place for. */
export type SourceFeature = 'agents' | 'expiry' | 'key limits' | 'suspension';

/** One source under test. */
export interface TenantSourceFixture {
  readonly source: TenantSource;
  /** Makes the source hold these tenants with these keys and nothing else. */
  apply(tenants: readonly TenantDescription[]): Promise<void>;
  takeDown(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** How a source's suite is set up. */
export interface TenantSourceSuite {
  readonly features: readonly SourceFeature[];
  readonly open: () => Promise<TenantSourceFixture>;
}

/** The behaviour every source of tenants shares, seen through the directory that serves them. */
export function describeTenantSource(name: string, { features, open }: TenantSourceSuite): void {
  describe(`${name} serves tenants`, () => {
    let fixture: TenantSourceFixture;
    let directory: TenantDirectory;
    let errors: unknown[];
    let nowMs: number;

    beforeEach(async () => {
      fixture = await open();
      errors = [];
      nowMs = Date.UTC(2026, 10, 23);
      directory = new TenantDirectory({
        source: fixture.source,
        clock: { now: () => nowMs },
        onError: (error) => errors.push(error),
      });
    });

    afterEach(async () => {
      await directory.stop();
      await fixture.close();
    });

    const apply = async (...tenants: readonly TenantDescription[]): Promise<void> => {
      await fixture.apply(tenants);
      await directory.refresh();
    };
    const ownerOf = (secret: string): string | undefined => directory.findPrincipal(secret)?.tenant.id;
    const isKept = (feature: SourceFeature): boolean => features.includes(feature);

    it('maps each key to its tenant and no other text to anyone', async () => {
      const [first, second, third] = [createApiKey(), createApiKey(), createApiKey()];
      await apply(
        { id: 'acme', keys: [{ secret: first.secret }, { secret: second.secret }] },
        { id: 'globex-2', keys: [{ secret: third.secret }] },
      );
      expect(directory.isLoaded).toBe(true);
      expect([first, second, third].map(({ secret }) => ownerOf(secret))).toEqual([
        'acme',
        'acme',
        'globex-2',
      ]);
      for (const text of ['', 'x', createApiKey().secret, first.id, first.secretSha256, `${first.secret} `])
        expect(ownerOf(text)).toBeUndefined();
      expect(directory.listTenants().map(({ id }) => id)).toEqual(['acme', 'globex-2']);
    });

    it('never hands out a secret', async () => {
      const { secret } = createApiKey();
      await apply({ id: 'acme', keys: [{ secret }] });
      const { key } = directory.findPrincipal(secret) ?? {};
      expect(key).toEqual({
        id: expect.stringMatching(/^[0-9A-Za-z]{12}$/),
        tenantId: 'acme',
        secretSha256: hashApiKey(secret),
        agentId: undefined,
        limits: NO_LIMITS,
        expiresAtMs: undefined,
      });
      expect(JSON.stringify(await fixture.source.load())).not.toContain(secret.slice(-43));
    });

    it('fills in the defaults of a tenant that has nothing of its own', async () => {
      await apply({ id: 'acme', keys: [{ secret: createApiKey().secret }] });
      expect(directory.findTenant('acme')).toEqual({
        ...TEST_DEFAULTS,
        id: 'acme',
        allowedModels: undefined,
        allowExpensive: false,
        modelAliases: undefined,
        taskModels: undefined,
        maxCostPerRequestNanoUsd: undefined,
        runBudgetNanoUsd: undefined,
        suspended: false,
        agents: new Map(),
        configHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      });
    });

    it("prefers a tenant's own settings, 0 included", async () => {
      const own = {
        defaultModel: 'gpt-a',
        fallbackModel: 'gpt-b',
        allowedModels: ['gpt-a', 'gpt-b*'],
        allowExpensive: true,
        modelAliases: new Map([
          ['fast', 'ft:gpt-b:org::1'],
          ['constructor', 'gpt-a'],
        ]),
        taskModels: new Map([['planning', 'fast']]),
        maxCostPerRequestNanoUsd: 30_000_000,
        limits: { budgetNanoUsd: 0, requestsPerMinute: 0, tokensPerMinute: 7, maxConcurrency: 2 },
      };
      await apply({ id: 'acme', ...own, keys: [{ secret: createApiKey().secret }] });
      expect(directory.findTenant('acme')).toMatchObject(own);
    });

    it('keeps the largest budget exact', async () => {
      const limits = { budgetNanoUsd: 900_000_000 * 10_000_000 };
      await apply({ id: 'acme', limits, keys: [{ secret: createApiKey().secret }] });
      expect(directory.findTenant('acme')?.limits.budgetNanoUsd).toBe(9_000_000_000_000_000);
    });

    it('shows a change after a refresh, and under another hash', async () => {
      const keys = [{ secret: createApiKey().secret }];
      await apply({ id: 'acme', keys, limits: { requestsPerMinute: 5 } });
      const before = directory.findTenant('acme');
      await apply({ id: 'acme', keys, limits: { requestsPerMinute: 6 } });
      const after = directory.findTenant('acme');
      expect([before?.limits.requestsPerMinute, after?.limits.requestsPerMinute]).toEqual([5, 6]);
      expect(after?.configHash).not.toBe(before?.configHash);
      await apply({ id: 'acme', keys, limits: { requestsPerMinute: 5 } });
      expect(directory.findTenant('acme')).toEqual(before);
    });

    it('answers another version after every change, and the same one without', async () => {
      const secret = createApiKey().secret;
      const versions: string[] = [];
      for (const keys of [[], [{ secret }], []]) {
        await fixture.apply([{ id: 'acme', limits: { requestsPerMinute: 1 }, keys }]);
        versions.push(await fixture.source.version());
        expect(await fixture.source.version()).toBe(versions.at(-1));
      }
      expect(new Set(versions).size).toBe(3);
    });

    it('refuses a key that was taken away and leaves the others alone', async () => {
      const [kept, removed] = [createApiKey().secret, createApiKey().secret];
      await apply({ id: 'acme', keys: [{ secret: kept }, { secret: removed }] });
      expect(ownerOf(removed)).toBe('acme');
      await apply({ id: 'acme', keys: [{ secret: kept }] });
      expect([ownerOf(kept), ownerOf(removed)]).toEqual(['acme', undefined]);
    });

    it('serves the last good snapshot while it is down, says since when, and catches up', async () => {
      const [old, fresh] = [createApiKey().secret, createApiKey().secret];
      await apply({ id: 'acme', keys: [{ secret: old }] });
      expect(directory.staleSinceMs).toBeUndefined();

      await fixture.takeDown();
      const downAtMs = nowMs;
      await directory.refresh();
      nowMs += 5000;
      await directory.refresh();
      expect(directory.staleSinceMs).toBe(downAtMs);
      expect(ownerOf(old)).toBe('acme');
      expect(directory.findTenant('acme')).toBeDefined();
      expect(errors).toHaveLength(2);

      await fixture.bringBack();
      await apply({ id: 'acme', keys: [{ secret: fresh }] });
      expect(directory.staleSinceMs).toBeUndefined();
      expect([ownerOf(old), ownerOf(fresh)]).toEqual([undefined, 'acme']);
      expect(errors).toHaveLength(2);
    });

    it('is loaded as soon as a source that was down at the start comes up', async () => {
      await fixture.takeDown();
      await directory.refresh();
      expect(directory.isLoaded).toBe(false);
      expect(directory.staleSinceMs).toBe(nowMs);
      await fixture.bringBack();
      await directory.refresh();
      expect(directory.isLoaded).toBe(true);
    });

    it('names no key and no hash in an error', async () => {
      const { id, secret, secretSha256 } = createApiKey();
      await apply({ id: 'acme', keys: [{ secret }] });
      await fixture.takeDown();
      await directory.refresh();
      const text = errors
        .map((error) => `${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`)
        .join();
      expect(errors).toHaveLength(1);
      for (const part of [secret, secret.slice(-43), id, secretSha256]) expect(text).not.toContain(part);
    });

    if (isKept('expiry'))
      it('refuses a key from the instant at which it expires', async () => {
        const secret = createApiKey().secret;
        await apply({ id: 'acme', keys: [{ secret, expiresAtMs: nowMs + 1000 }] });
        nowMs += 999;
        expect(ownerOf(secret)).toBe('acme');
        nowMs += 1;
        expect(ownerOf(secret)).toBeUndefined();
      });

    if (isKept('suspension'))
      it('refuses the keys of a suspended tenant until it is back', async () => {
        const keys = [{ secret: createApiKey().secret }];
        const owners: unknown[] = [];
        for (const suspended of [true, false]) {
          await apply({ id: 'acme', keys, suspended });
          owners.push(ownerOf(keys[0]?.secret ?? ''));
          expect(directory.findTenant('acme')?.suspended).toBe(suspended);
        }
        expect(owners).toEqual([undefined, 'acme']);
      });

    if (isKept('agents'))
      it('keeps agents with their limits, and the agent that a key is bound to', async () => {
        const secret = createApiKey().secret;
        const agents = [{ id: 'planner', limits: { ...NO_LIMITS, budgetNanoUsd: 10 } }];
        await apply(
          { id: 'acme', agents, keys: [{ secret, agentId: 'planner' }] },
          { id: 'globex', keys: [] },
        );
        expect(directory.findPrincipal(secret)?.key.agentId).toBe('planner');
        expect(directory.findTenant('acme')?.agents).toEqual(new Map([['planner', agents[0]]]));
        expect(directory.findTenant('globex')?.agents).toEqual(new Map());
      });

    if (isKept('key limits'))
      it('keeps the limits of a key', async () => {
        const secret = createApiKey().secret;
        await apply({ id: 'acme', keys: [{ secret, limits: { budgetNanoUsd: 0, maxConcurrency: 3 } }] });
        expect(directory.findPrincipal(secret)?.key.limits).toEqual({
          ...NO_LIMITS,
          budgetNanoUsd: 0,
          maxConcurrency: 3,
        });
      });
  });
}
