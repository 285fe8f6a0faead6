import { ROLES, type Role } from '@tollgate/admin-contract';
import type { OidcSettings } from '@tollgate/config';
import { TollgateError } from '@tollgate/domain';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Operator } from './operator.js';

// Signatures by keys that only the issuer has; with a shared secret (HS…), whoever checks could sign as well.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const JWKS_TIMEOUT_MS = 3000;
const JWKS_CACHE_MS = 600_000;
/** At most one look for a key that is not known in this time, whoever asks. */
const JWKS_COOLDOWN_MS = 30_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const SECOND_MS = 1000;
const SUBJECT = /^[\x21-\x7e]{1,200}$/;

function findRole(claim: unknown): Role | undefined {
  const named: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLES.findLast((role) => named.includes(role));
}

/** Lets operators in by the tokens (JWT) of an issuer. */
export class OidcVerifier {
  readonly #keys: JWTVerifyGetKey;

  constructor(private readonly settings: OidcSettings) {
    this.#keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
      timeoutDuration: JWKS_TIMEOUT_MS,
      cacheMaxAge: JWKS_CACHE_MS,
      cooldownDuration: JWKS_COOLDOWN_MS,
    });
  }

  /**
   * The operator that a token names; undefined for one that does not hold, or names no role.
   * @throws TollgateError `issuer_unavailable`
   */
  async findOperator(token: string): Promise<Operator | undefined> {
    const payload = await this.#verify(token);
    const role = findRole(payload?.[this.settings.roleClaim]);
    if (payload?.sub === undefined || !SUBJECT.test(payload.sub) || !role) return undefined;
    const endsAtMs = payload.exp === undefined ? undefined : payload.exp * SECOND_MS;
    return { id: `oidc:${payload.sub}`, role, name: payload.sub, endsAtMs };
  }

  async #verify(token: string): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return payload;
    } catch (error) {
      if (isAboutToken(error)) return undefined;
      throw new TollgateError('issuer_unavailable', "The keys of the tokens' issuer cannot be read.", {
        cause: error,
      });
    }
  }
}

// What is left is that the keys could not be read: no answer, no JSON, no keys in it.
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  const isAboutKeys =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === errors.JOSEError.code;
  return !isAboutKeys;
}
