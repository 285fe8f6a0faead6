import { createHash } from 'node:crypto';
import {
  parseTenantRecord,
  type Problem,
  type TenantVariables,
  type VaultTenantPath,
} from '@tollgate/config';
import { TenantSource, type TenantRecords } from '../tenant-source.js';
import type { TenantDefaults } from '../tenant-settings.js';
import { toRecords } from '../tenant-variables-records.js';
import { mapBounded } from './map-bounded.js';
import { VaultError } from './vault-error.js';
import { readNames, readSecret } from './vault-replies.js';
import type { VaultSession } from './vault-session.js';

const READS_AT_ONCE = 8;
const MAX_TENANTS = 10_000;
const SCAN_TIMEOUT_MS = 30_000;
const MAX_FINDINGS = 10;
const TENANT_ID = /^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** What the source works with. */
export interface VaultTenantSourceOptions {
  readonly session: VaultSession;
  readonly path: VaultTenantPath;
  readonly defaults: TenantDefaults;
  /** Between two scans of all tenants. */
  readonly pollMs: number;
  /** Told of secrets that are not used, whenever that has changed. */
  readonly onFinding: (error: unknown) => void;
}

/** A tenant as its last good secret has it. */
interface KnownTenant {
  /** Of the secret's newest version. */
  readonly fingerprint: string;
  readonly variables: TenantVariables;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Tenants in Vault, a secret of KV version 2 for each. A version is a scan: the list and every secret, since Vault has
 * nothing cheaper that tells of changes. A secret with a mistake leaves its tenant as it was, and the others alone.
 */
export class VaultTenantSource extends TenantSource {
  override readonly pollMs: number;
  #known: ReadonlyMap<string, KnownTenant> = new Map();
  #records: TenantRecords | undefined;
  #lastFindings = '';

  constructor(private readonly options: VaultTenantSourceOptions) {
    super();
    this.pollMs = options.pollMs;
  }

  async version(): Promise<string> {
    await this.#scan();
    const marks = [...this.#known].map(([id, { fingerprint }]) => `${id} ${fingerprint}`);
    return sha256(marks.join('\n'));
  }

  async load(): Promise<TenantRecords> {
    return this.#records ?? (await this.#scan());
  }

  override close(): Promise<void> {
    return this.options.session.close();
  }

  async #scan(): Promise<TenantRecords> {
    const { session } = this.options;
    const deadlineMs = performance.now() + SCAN_TIMEOUT_MS;
    const findings: string[] = [];
    await session.prepare();
    const ids = await this.#listIds(findings);
    const found = await mapBounded(ids, READS_AT_ONCE, async (id) => {
      if (performance.now() > deadlineMs) throw new VaultError('Reading all tenants takes too long');
      return this.#readTenant(id, findings);
    });
    const known = new Map(ids.flatMap((id, i) => (found[i] ? [[id, found[i]] as const] : [])));
    const variables = dropSharedKeys([...known.values()], findings);
    this.#known = known;
    this.#records = toRecords(variables, this.options.defaults);
    this.#report(findings);
    return this.#records;
  }

  async #listIds(findings: string[]): Promise<string[]> {
    const { session, path } = this.options;
    const names = readNames(await session.get(`${path.listPath}?list=true`));
    // A folder has a slash at its end: a tenant when the path goes on after the id, and else something of others.
    const isFolder = path.suffix !== '';
    const ids = names
      .filter((name) => name.endsWith('/') === isFolder)
      .map((name) => name.replace(/\/$/, ''));
    const legal = ids.filter((id) => TENANT_ID.test(id)).sort();
    if (legal.length < ids.length)
      findings.push(`${ids.length - legal.length} name(s) that are no tenant ids`);
    if (legal.length > MAX_TENANTS) throw new VaultError(`Vault has more than ${MAX_TENANTS} tenants`);
    return legal;
  }

  async #readTenant(id: string, findings: string[]): Promise<KnownTenant | undefined> {
    const { session, path } = this.options;
    const secret = readSecret(await session.get(`${path.dataPrefix}${id}${path.suffix}`));
    if (!secret) return undefined;
    const last = this.#known.get(id);
    const fingerprint = sha256(JSON.stringify(secret));
    if (last?.fingerprint === fingerprint) return last;
    const problems: Problem[] = [];
    const variables = parseTenantRecord(id, secret.data, problems);
    if (problems.length === 0) return { fingerprint, variables };
    findings.push(`${id} (${problems.map(({ variable, problem }) => `${variable}: ${problem}`).join('; ')})`);
    return last;
  }

  #report(findings: readonly string[]): void {
    const text = findings.slice(0, MAX_FINDINGS).join(', ');
    if (text !== this.#lastFindings && text !== '')
      this.options.onFinding(
        new VaultError(`${findings.length} finding(s) in the secrets of tenants: ${text}`),
      );
    this.#lastFindings = text;
  }
}

// Nobody can tell whose call it would be, so a key of two tenants is nobody's.
function dropSharedKeys(tenants: readonly KnownTenant[], findings: string[]): TenantVariables[] {
  const owners = new Map<string, number>();
  for (const { variables } of tenants)
    for (const hash of variables.keyHashes) owners.set(hash, (owners.get(hash) ?? 0) + 1);
  return tenants.map(({ variables }) => {
    const keyHashes = variables.keyHashes.filter((hash) => owners.get(hash) === 1);
    if (keyHashes.length < variables.keyHashes.length)
      findings.push(`${variables.id} (a key is also another tenant's)`);
    return { ...variables, keyHashes };
  });
}
