import { timingSafeEqual } from 'node:crypto';
import { TollgateError, type Clock } from '@tollgate/domain';
import { findPublicPart, hashApiKey } from '@tollgate/tenant-config';
import type { OperatorTokens } from '../operators/operator-tokens.js';
import type { LoginThrottle } from './login-throttle.js';
import type { OidcVerifier } from './oidc-verifier.js';
import type { Operator } from './operator.js';

const MAX_REMEMBERED = 1000;
const MAX_TOKEN_LENGTH = 8192;
const BEARER = /^Bearer ([\x21-\x7e]+)$/i;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** What operators are let in by. */
export interface LoginOptions {
  readonly tokens: OperatorTokens;
  /** ADMIN_TOKEN. */
  readonly adminToken: string;
  readonly oidc: OidcVerifier | undefined;
  readonly throttle: LoginThrottle;
  readonly clock: Clock;
  /** Told of every token that was refused. */
  readonly onRefused: () => void;
}

const ADMIN: Operator = { id: 'admin-token', role: 'admin', name: 'admin-token' };

const refusal = (detail: string): TollgateError => new TollgateError('invalid_operator_token', detail);

/** Finds out who is asking. */
export class Login {
  /** Hashes of tokens that have proved good: they pass the throttle, and are checked all the same. */
  readonly #good = new Set<string>();
  readonly #adminDigest: Buffer;

  constructor(private readonly options: LoginOptions) {
    this.#adminDigest = digestOf(options.adminToken);
  }

  /**
   * The operator whom an Authorization header lets in; `source` is the address that it came from.
   * @throws TollgateError `invalid_operator_token`, `too_many_logins`, `issuer_unavailable`
   */
  async authenticate(header: string | undefined, source: string): Promise<Operator> {
    if (header === undefined) throw refusal('Send Authorization: Bearer and an operator token.');
    const token = BEARER.exec(header)?.[1] ?? '';
    const digest = digestOf(token);
    const known = digest.toString('hex');
    if (!this.#good.has(known)) this.options.throttle.check(source);
    const operator = token.length <= MAX_TOKEN_LENGTH ? await this.#find(token, digest) : undefined;
    if (operator) {
      this.#remember(known);
      return operator;
    }
    this.#good.delete(known);
    this.options.throttle.refused(source);
    this.options.onRefused();
    throw refusal('The token is unknown, revoked, expired or not signed by the issuer.');
  }

  #find(token: string, digest: Buffer): Promise<Operator | undefined> | Operator | undefined {
    if (timingSafeEqual(digest, this.#adminDigest)) return ADMIN;
    const id = findPublicPart(token, 'tgo');
    if (id !== undefined) return this.#findByToken(id, digest);
    return JWT.test(token) ? this.options.oidc?.findOperator(token) : undefined;
  }

  async #findByToken(id: string, digest: Buffer): Promise<Operator | undefined> {
    const { tokens, clock } = this.options;
    const stored = await tokens.findSecret(id);
    if (!stored || !timingSafeEqual(digest, stored.secretSha256)) return undefined;
    const nowMs = clock.now();
    if (stored.revokedAtMs !== undefined || (stored.expiresAtMs ?? Infinity) <= nowMs) return undefined;
    await tokens.markUsed(id, nowMs);
    const { role, name, expiresAtMs: endsAtMs } = stored;
    return { id: `token:${id}`, role, name, endsAtMs };
  }

  #remember(digest: string): void {
    if (this.#good.size >= MAX_REMEMBERED) this.#good.clear();
    this.#good.add(digest);
  }
}

const digestOf = (token: string): Buffer => Buffer.from(hashApiKey(token), 'hex');
