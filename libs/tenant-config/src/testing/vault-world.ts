import { FakeVault } from '@tollgate/fake-vault';
import { hashApiKey } from '../api-key.js';
import { TEST_DEFAULTS } from '../tenant-source.conformance.js';
import { VaultHttp } from '../vault/vault-http.js';
import type { VaultLogin } from '../vault/vault-login.js';
import { VaultSession } from '../vault/vault-session.js';
import { VaultTenantSource } from '../vault/vault-tenant-source.js';

const START_MS = Date.UTC(2026, 10, 23);

/** A fake Vault with a source of tenants on it, both on a clock that the test moves. */
export class VaultWorld {
  private constructor(
    readonly vault: FakeVault,
    readonly session: VaultSession,
    readonly source: VaultTenantSource,
    private readonly time: { nowMs: number },
    /** What the source said of single tenants. */
    readonly findings: readonly string[],
  ) {}

  get nowMs(): number {
    return this.time.nowMs;
  }

  set nowMs(value: number) {
    this.time.nowMs = value;
  }

  /** Without a login, with a token that never ends. */
  static async open(
    options: {
      readonly login?: (vault: FakeVault) => VaultLogin;
      readonly namespace?: string;
      readonly timeoutMs?: number;
    } = {},
  ): Promise<VaultWorld> {
    const time = { nowMs: START_MS };
    const findings: string[] = [];
    const clock = { now: () => time.nowMs };
    const vault = await FakeVault.start({ now: clock.now });
    const { namespace, timeoutMs = 5000 } = options;
    const ownToken = (): VaultLogin => ({
      method: 'token',
      token: vault.tokens.issue({ ttlSeconds: 0 }, namespace),
    });
    const http = new VaultHttp({ address: vault.url, namespace, caCertPath: undefined, timeoutMs });
    const session = new VaultSession({ http, login: (options.login ?? ownToken)(vault), clock });
    const source = new VaultTenantSource({
      session,
      path: { dataPrefix: 'secret/data/tenants/', listPath: 'secret/metadata/tenants/', suffix: '/llm' },
      defaults: TEST_DEFAULTS,
      pollMs: 400,
      onFinding: (error) => findings.push(String(error)),
    });
    return new VaultWorld(vault, session, source, time, findings);
  }

  /** Writes a tenant's secret. */
  put(id: string, settings: object = {}, namespace = ''): void {
    this.vault.kv(namespace).put(`tenants/${id}/llm`, settings);
  }

  /** The ids of the tenants that the source sees now. */
  async ids(): Promise<string[]> {
    await this.source.version();
    return (await this.source.load()).tenants.map(({ id }) => id);
  }

  /** The paths that were asked for since the last time, each with its method. */
  takeRequests(): string[] {
    return this.vault.requests.splice(0).map(({ method, path }) => `${method} ${path}`);
  }

  async close(): Promise<void> {
    await this.source.close();
    await this.vault.stop();
  }
}

/** The hash of a key as a secret has it. */
export const hashed = (key: string): string => `sha256:${hashApiKey(key)}`;
