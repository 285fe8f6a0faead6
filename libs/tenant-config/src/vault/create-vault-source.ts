import { parseVaultTenantPath, type Environment } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import type { TenantDefaults } from '../tenant-settings.js';
import { VaultError } from './vault-error.js';
import { VaultHttp } from './vault-http.js';
import type { VaultLogin } from './vault-login.js';
import { VaultSession } from './vault-session.js';
import { VaultTenantSource } from './vault-tenant-source.js';

const SECOND_MS = 1000;
/** The rest of the time within which a change must be in force is for reading. */
const WAITING_SHARE = 0.8;

function loginOf(env: Environment): VaultLogin {
  const {
    VAULT_K8S_ROLE: role,
    VAULT_ROLE_ID: roleId,
    VAULT_SECRET_ID: secretId,
    VAULT_AUTH_MOUNT: mount,
  } = env;
  if (role !== undefined)
    return { method: 'kubernetes', mount: mount ?? 'kubernetes', role, jwtPath: env.VAULT_K8S_JWT_PATH };
  if (roleId !== undefined && secretId !== undefined)
    return { method: 'approle', mount: mount ?? 'approle', roleId, secretId };
  return { method: 'token', token: env.VAULT_TOKEN ?? '' };
}

/** The source that the `VAULT_…` variables describe. */
export function createVaultSource(
  env: Environment,
  defaults: TenantDefaults,
  onFinding: (error: unknown) => void,
): VaultTenantSource {
  const path = parseVaultTenantPath(env.VAULT_TENANT_PATH);
  if (!path || env.VAULT_ADDR === undefined)
    throw new VaultError('VAULT_ADDR or VAULT_TENANT_PATH is not set');
  const http = new VaultHttp({
    address: env.VAULT_ADDR,
    namespace: env.VAULT_NAMESPACE,
    caCertPath: env.VAULT_CACERT,
    timeoutMs: env.VAULT_TIMEOUT_SECONDS * SECOND_MS,
  });
  const session = new VaultSession({ http, login: loginOf(env), clock: systemClock });
  const pollMs = env.VAULT_POLL_SECONDS * SECOND_MS * WAITING_SHARE;
  return new VaultTenantSource({ session, path, defaults, pollMs, onFinding });
}
