import type { Environment } from '@tollgate/config';
import { z } from 'zod';
import { vaultHttpOf, vaultLoginOf } from './vault-access.js';
import { VaultError } from './vault-error.js';
import { logIn, type VaultLease, type VaultLogin } from './vault-login.js';

/** What Vault says of itself. */
export interface VaultStatus {
  readonly state: 'active' | 'standby' | 'uninitialised' | 'sealed';
  /** Its clock, in whole seconds: ms since the epoch. */
  readonly timeMs: number;
}

/** What the login brought, without the token. */
export type VaultLoginResult = Omit<VaultLease, 'token'> & { readonly method: VaultLogin['method'] };

// https://developer.hashicorp.com/vault/api-docs/system/health: the status says the state.
const STATES: Readonly<Record<number, VaultStatus['state']>> = {
  200: 'active',
  429: 'standby',
  472: 'standby',
  473: 'standby',
  501: 'uninitialised',
  503: 'sealed',
};
const healthReply = z.object({ server_time_utc: z.number().min(0).max(1e11) });

/** Asks Vault how it is. @throws VaultError */
export async function readVaultStatus(env: Environment): Promise<VaultStatus> {
  // The path belongs to Vault itself and to no namespace.
  const http = vaultHttpOf(env, undefined);
  try {
    const { status, body } = await http.request('GET', 'sys/health');
    const state = STATES[status];
    const parsed = healthReply.safeParse(body);
    if (state === undefined || !parsed.success)
      throw new VaultError(`Something that is no Vault answered with ${status}`, status);
    return { state, timeMs: parsed.data.server_time_utc * 1000 };
  } finally {
    await http.close();
  }
}

/** Logs in as a gateway does. @throws VaultError */
export async function tryVaultLogin(env: Environment): Promise<VaultLoginResult> {
  const http = vaultHttpOf(env, env.VAULT_NAMESPACE);
  const login = vaultLoginOf(env);
  try {
    const { durationMs, isRenewable } = await logIn(http, login);
    return { method: login.method, durationMs, isRenewable };
  } finally {
    await http.close();
  }
}
