import type { Environment } from '@tollgate/config';
import { VaultError } from './vault-error.js';
import { VaultHttp } from './vault-http.js';
import type { VaultLogin } from './vault-login.js';

const SECOND_MS = 1000;

/** How the `VAULT_…` variables say to log in. */
export function vaultLoginOf(env: Environment): VaultLogin {
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

/** Vault as the `VAULT_…` variables describe it. @throws VaultError without an address */
export function vaultHttpOf(env: Environment, namespace: string | undefined): VaultHttp {
  if (env.VAULT_ADDR === undefined) throw new VaultError('VAULT_ADDR is not set');
  return new VaultHttp({
    address: env.VAULT_ADDR,
    namespace,
    caCertPath: env.VAULT_CACERT,
    timeoutMs: env.VAULT_TIMEOUT_SECONDS * SECOND_MS,
  });
}
