import { codeOf } from './error-code.js';
import { error, type Finding } from './finding.js';

const UNTRUSTED =
  'Check that its certificate is for this host and from an authority that Node trusts (NODE_EXTRA_CA_CERTS)';

/** What to do, by the codes that Node's network gives. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start it, or correct host and port',
  ENOTFOUND: 'Correct the host: no address is known for it',
  EAI_AGAIN: 'Look at the name service of this machine',
  ECONNRESET: 'Look whether it wants TLS, or whether something on the way cuts connections',
  ETIMEDOUT: 'Look for a firewall on the way, and at host and port',
  timeout: 'Look for a firewall on the way, and whether it is overloaded',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: UNTRUSTED,
  CERT_HAS_EXPIRED: 'Renew its certificate',
};

/** What could not be reached, and under which variable. */
export interface Target {
  readonly name: string;
  readonly variable: string;
  readonly why: string;
  /** What to do, by codes of its own. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/** The finding about a server that cannot be used at all; `code` when the error itself does not have it. */
export function unreachable(target: Target, thrown: unknown, code = codeOf(thrown)): Finding {
  const remedy = target.remedies?.[code] ?? REMEDIES[code] ?? 'Look at what the code says';
  return error(`${target.name} cannot be used (${code}).`, target.why, `${remedy}: ${target.variable}.`);
}
