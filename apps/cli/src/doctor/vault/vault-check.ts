import type { Environment } from '@tollgate/config';
import type { Clock } from '@tollgate/domain';
import {
  VaultError,
  readVaultStatus,
  tryVaultLogin,
  type VaultLoginResult,
  type VaultStatus,
} from '@tollgate/tenant-config';
import type { Check } from '../check.js';
import { judgeClock } from '../clock-reading.js';
import { codeOf } from '../error-code.js';
import { error, ok, warning, type Finding } from '../finding.js';

const WHY =
  'A gateway that starts now has no tenants; those that run serve the last settings they have read.';
const CLOCK_WHY = 'Tokens of Kubernetes are refused when the clocks differ.';
const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;
const SECOND_MS = 1000;

const STATE_FINDINGS: Record<VaultStatus['state'], Finding> = {
  active: ok('Vault is reachable and active.'),
  standby: warning(
    'This Vault is a standby.',
    'It may answer with redirects, which a gateway does not follow, since they would carry its token elsewhere.',
    'Point VAULT_ADDR at the active node, or at a load balancer that finds it.',
  ),
  uninitialised: error('Vault is not initialised.', WHY, 'Initialise and unseal it.'),
  sealed: error('Vault is sealed.', WHY, 'Unseal it.'),
};

/** Vault when tenants live there: reachable, unsealed, and with a login for this process. */
export class VaultCheck implements Check {
  readonly name = 'vault';

  constructor(private readonly options: { readonly env: Environment; readonly clock: Clock }) {}

  async *run(): AsyncIterable<Finding> {
    const { env, clock } = this.options;
    try {
      const sentAtMs = clock.now();
      const { state, timeMs: remoteMs } = await readVaultStatus(env);
      const reading = { sentAtMs, receivedAtMs: clock.now(), remoteMs };
      yield STATE_FINDINGS[state];
      yield judgeClock('Vault', CLOCK_WHY, reading, SECOND_MS);
      if (state === 'active' || state === 'standby') yield* this.#judgeLogin();
    } catch (thrown) {
      yield refusal(thrown, 'Look at VAULT_ADDR, VAULT_CACERT and the way to it.');
    }
  }

  async *#judgeLogin(): AsyncIterable<Finding> {
    try {
      yield judgeLease(await tryVaultLogin(this.options.env));
    } catch (thrown) {
      yield refusal(thrown, 'Look at the variables of the login, VAULT_AUTH_MOUNT and VAULT_NAMESPACE.');
    }
  }
}

// What a VaultError says is made for operators, and holds no value.
function refusal(thrown: unknown, remedy: string): Finding {
  const what = thrown instanceof VaultError ? thrown.message : `Vault cannot be used (${codeOf(thrown)})`;
  return error(`${what}.`, WHY, remedy);
}

function judgeLease({ method, durationMs, isRenewable }: VaultLoginResult): Finding {
  if (method !== 'token') return ok(`Vault lets this process in (${method}).`);
  if (durationMs >= SOON_MS || isRenewable) return ok('Vault knows the token.');
  return warning(
    `The token ends in ${(durationMs / DAY_MS).toFixed(1)} days and cannot be renewed.`,
    'After that no change of a tenant is seen, and no gateway can start.',
    'Use AppRole or Kubernetes, or replace the token in VAULT_TOKEN in time and restart.',
  );
}
