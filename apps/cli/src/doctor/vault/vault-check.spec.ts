import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectSettings } from '@tollgate/config';
import { systemClock, type Clock } from '@tollgate/domain';
import { FakeVault } from '@tollgate/fake-vault';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { VaultCheck } from './vault-check.js';

const DAY_SECONDS = 86_400;
const WHY =
  'A gateway that starts now has no tenants; those that run serve the last settings they have read.';
const CLOCK_OK = { level: 'ok', what: "The clock of Vault agrees with this machine's." };
const REACHED = [{ level: 'ok', what: 'Vault is reachable and active.' }, CLOCK_OK];

describe('VaultCheck', () => {
  let vault: FakeVault;
  beforeEach(async () => {
    vault = await FakeVault.start();
  });
  afterEach(() => vault.stop());

  const look = (
    login: Readonly<Record<string, string>>,
    clock: Clock = systemClock,
  ): Promise<readonly Finding[]> => {
    const raw = { TENANT_LLM_CONFIG_SOURCE: 'vault', VAULT_ADDR: vault.url, VAULT_TIMEOUT_SECONDS: '1' };
    const { env } = inspectSettings({ ...raw, ...login }).settings;
    return findingsOf(new VaultCheck({ env, clock }));
  };

  it('asks Vault itself how it is, and logs in within the namespace', async () => {
    vault.logins.add('approle', { role_id: 'r', secret_id: 's' }, { ttlSeconds: 60 }, 'team');
    expect(await look({ VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 's', VAULT_NAMESPACE: 'team' })).toEqual([
      ...REACHED,
      { level: 'ok', what: 'Vault lets this process in (approle).' },
    ]);
    expect(vault.requests.map(({ method, path, namespace }) => [method, path, namespace])).toEqual([
      ['GET', 'sys/health', ''],
      ['POST', 'auth/approle/login', 'team'],
    ]);
  });

  it('finds a login that is refused', async () => {
    vault.logins.add('approle', { role_id: 'r', secret_id: 's' }, { ttlSeconds: 60 });
    expect(await look({ VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 'wrong-s3cret' })).toEqual([
      ...REACHED,
      {
        level: 'error',
        what: 'Vault answered the login with 400.',
        why: WHY,
        remedy: 'Look at the variables of the login, VAULT_AUTH_MOUNT and VAULT_NAMESPACE.',
      },
    ]);
  });

  it('takes a token that lasts, and warns of one that ends soon for good', async () => {
    const lasting = vault.tokens.issue({ ttlSeconds: 0 });
    const ending = vault.tokens.issue({ ttlSeconds: 2 * DAY_SECONDS, renewable: false });
    const [kept, lost] = [await look({ VAULT_TOKEN: lasting }), await look({ VAULT_TOKEN: ending })];
    expect(kept).toEqual([...REACHED, { level: 'ok', what: 'Vault knows the token.' }]);
    expect(lost).toEqual([
      ...REACHED,
      {
        level: 'warning',
        what: 'The token ends in 2.0 days and cannot be renewed.',
        why: 'After that no change of a tenant is seen, and no gateway can start.',
        remedy: 'Use AppRole or Kubernetes, or replace the token in VAULT_TOKEN in time and restart.',
      },
    ]);
  });

  it('finds a sealed one, and does not log in', async () => {
    vault.seal();
    expect(await look({ VAULT_TOKEN: 't' })).toEqual([
      { level: 'error', what: 'Vault is sealed.', why: WHY, remedy: 'Unseal it.' },
      CLOCK_OK,
    ]);
    expect(vault.requests).toHaveLength(1);
  });

  it('sees how far its clock is off', async () => {
    const token = vault.tokens.issue({ ttlSeconds: 0 });
    const behind: Clock = { now: () => Date.now() - 30_000 };
    expect((await look({ VAULT_TOKEN: token }, behind))[1]).toMatchObject({
      level: 'warning',
      what: expect.stringMatching(/^The clock of Vault is (28|29|30)\.\d s or more ahead of /),
    });
  });

  it('finds one that is silent, gone, or no Vault', async () => {
    vault.behave({ isSilent: true });
    const silent = await look({ VAULT_TOKEN: 't' });
    vault.behave({ status: 200, body: '<html>' });
    const page = await look({ VAULT_TOKEN: 't' });
    await vault.stop();
    const gone = await look({ VAULT_TOKEN: 't' });
    const remedy = 'Look at VAULT_ADDR, VAULT_CACERT and the way to it.';
    expect([silent, page, gone]).toEqual(
      [
        expect.stringMatching(/^Vault cannot be reached \(\w+\)\.$/),
        'Something that is no Vault answered with 200.',
        'Vault cannot be reached (ECONNREFUSED).',
      ].map((what) => [{ level: 'error', what, why: WHY, remedy }]),
    );
  });
});
