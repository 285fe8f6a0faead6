import { parseVaultTenantPath, type Environment } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import type { TenantDefaults } from '../tenant-settings.js';
import { vaultHttpOf, vaultLoginOf } from './vault-access.js';
import { VaultError } from './vault-error.js';
import { VaultSession } from './vault-session.js';
import { VaultTenantSource } from './vault-tenant-source.js';

const SECOND_MS = 1000;
/** The rest of the time within which a change must be in force is for reading. */
const WAITING_SHARE = 0.8;

/** The source that the `VAULT_…` variables describe. */
export function createVaultSource(
  env: Environment,
  defaults: TenantDefaults,
  onFinding: (error: unknown) => void,
): VaultTenantSource {
  const path = parseVaultTenantPath(env.VAULT_TENANT_PATH);
  if (!path) throw new VaultError('VAULT_TENANT_PATH is not set');
  const session = new VaultSession({
    http: vaultHttpOf(env, env.VAULT_NAMESPACE),
    login: vaultLoginOf(env),
    clock: systemClock,
  });
  const pollMs = env.VAULT_POLL_SECONDS * SECOND_MS * WAITING_SHARE;
  return new VaultTenantSource({ session, path, defaults, pollMs, onFinding });
}
