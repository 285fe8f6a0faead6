import { randomUUID } from 'node:crypto';
import { authAnswer, dataAnswer, errorAnswer, type Answer } from './answer.js';

const SECOND_MS = 1000;

/** What a token may do, and for how long. */
export interface Grant {
  /** 0: it never ends, as a root token. */
  readonly ttlSeconds: number;
  /** From its issue on, renewals included; unset: no end. */
  readonly maxTtlSeconds?: number;
  /** Default true. */
  readonly renewable?: boolean;
  /** Paths (without `/v1/`) that it may not touch. */
  readonly denied?: RegExp;
}

interface Token {
  readonly id: string;
  readonly grant: Grant;
  readonly namespace: string;
  readonly issuedAtMs: number;
  expiresAtMs: number;
}

/** All tokens, with their leases. */
export class TokenBook {
  readonly #tokens = new Map<string, Token>();

  constructor(private readonly now: () => number) {}

  /** A new token, valid in a namespace and those below it. */
  issue(grant: Grant, namespace = ''): string {
    const id = `hvs.${randomUUID()}`;
    const token = { id, grant, namespace, issuedAtMs: this.now(), expiresAtMs: 0 };
    this.#tokens.set(id, { ...token, expiresAtMs: this.#end(token) });
    return id;
  }

  revoke(id: string): void {
    this.#tokens.delete(id);
  }

  /** Ends every token, as a Vault that lost its storage. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  /** Whether the token may touch the path now. */
  admits(id: string, path: string, namespace: string): boolean {
    const token = this.#find(id);
    const isInside = token && (token.namespace === '' || `${namespace}/`.startsWith(`${token.namespace}/`));
    return isInside === true && token.grant.denied?.test(path) !== true;
  }

  /** `POST auth/token/renew-self`. */
  renew(id: string): Answer {
    const token = this.#find(id);
    if (!token) return errorAnswer(403, 'permission denied');
    if (!this.#isRenewable(token)) return errorAnswer(400, 'lease is not renewable');
    token.expiresAtMs = this.#end(token);
    return this.describe(id);
  }

  /** `GET auth/token/lookup-self`. */
  lookUp(id: string): Answer {
    const token = this.#find(id);
    if (!token) return errorAnswer(403, 'permission denied');
    const isEndless = token.expiresAtMs === Number.POSITIVE_INFINITY;
    return dataAnswer({
      expire_time: isEndless ? null : new Date(token.expiresAtMs).toISOString(),
      id,
      renewable: this.#isRenewable(token),
      ttl: this.#leftSeconds(token),
    });
  }

  /** The `auth` of a login or a renewal. */
  describe(id: string): Answer {
    const token = this.#find(id);
    if (!token) return errorAnswer(403, 'permission denied');
    return authAnswer({
      client_token: id,
      accessor: 'accessor',
      policies: ['default', 'tollgate'],
      token_policies: ['default', 'tollgate'],
      metadata: null,
      lease_duration: this.#leftSeconds(token),
      renewable: this.#isRenewable(token),
    });
  }

  #find(id: string): Token | undefined {
    const token = this.#tokens.get(id);
    return token && token.expiresAtMs > this.now() ? token : undefined;
  }

  #isRenewable({ grant }: Token): boolean {
    return grant.ttlSeconds > 0 && grant.renewable !== false;
  }

  #leftSeconds({ expiresAtMs }: Token): number {
    return expiresAtMs === Number.POSITIVE_INFINITY ? 0 : Math.floor((expiresAtMs - this.now()) / SECOND_MS);
  }

  #end({ grant, issuedAtMs }: Pick<Token, 'grant' | 'issuedAtMs'>): number {
    if (grant.ttlSeconds === 0) return Number.POSITIVE_INFINITY;
    const latestMs = issuedAtMs + (grant.maxTtlSeconds ?? Number.POSITIVE_INFINITY) * SECOND_MS;
    return Math.min(this.now() + grant.ttlSeconds * SECOND_MS, latestMs);
  }
}
