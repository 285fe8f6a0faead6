import type { Clock } from '@tollgate/domain';
import { VaultError } from './vault-error.js';
import type { VaultHttp, VaultReply } from './vault-http.js';
import { logIn, renew, type VaultLease, type VaultLogin } from './vault-login.js';

const SECOND_MS = 1000;
const MAX_LOGIN_PAUSE_MS = 60_000;
/** A lease is renewed when this much of it is over, which leaves time to try again. */
const RENEW_AT = 2 / 3;

interface HeldLease extends VaultLease {
  readonly renewAtMs: number;
  readonly endsAtMs: number;
  /** What the login gave; renewals give less when the longest life of the token comes near. */
  readonly fullDurationMs: number;
}

/** What a session works with. */
export interface VaultSessionOptions {
  readonly http: VaultHttp;
  readonly login: VaultLogin;
  readonly clock: Clock;
}

/** Reads from Vault with a token that it keeps alive: renewed before it ends, and replaced by a login where it cannot be. */
export class VaultSession {
  #lease: HeldLease | undefined;
  #loggingIn: Promise<HeldLease> | undefined;
  #failedLogins = 0;
  #noLoginBeforeMs = 0;
  #pausedUntilMs = 0;

  constructor(private readonly options: VaultSessionOptions) {}

  /** Sees to the token: to be called before a run of reads. @throws VaultError */
  async prepare(): Promise<void> {
    const nowMs = this.options.clock.now();
    if (nowMs < this.#pausedUntilMs) throw new VaultError('Vault wants to be left alone for a while', 429);
    const lease = this.#lease;
    if (!lease || nowMs >= lease.endsAtMs) {
      await this.#logIn();
      this.#failedLogins = 0;
    } else if (nowMs >= lease.renewAtMs) await this.#extend(lease);
  }

  /** Resolves with 200 or 404. @throws VaultError for anything else */
  async get(path: string): Promise<VaultReply> {
    const lease = this.#lease ?? (await this.#logIn());
    let reply = await this.options.http.request('GET', path, { token: lease.token });
    // The token may have been revoked, which only a login can tell from a policy that says no.
    if (reply.status === 403 && this.#canLogIn && this.#mayLogIn) {
      const next = this.#lease === lease ? await this.#logIn() : (this.#lease ?? lease);
      reply = await this.options.http.request('GET', path, { token: next.token });
      if (reply.status === 403) this.#waitWithLogins();
      else this.#failedLogins = 0;
    }
    if (reply.status === 200 || reply.status === 404) return reply;
    this.#pausedUntilMs = this.options.clock.now() + reply.pauseMs;
    throw new VaultError(describe(reply.status), reply.status);
  }

  close(): Promise<void> {
    return this.options.http.close();
  }

  get #canLogIn(): boolean {
    return this.options.login.method !== 'token';
  }

  get #mayLogIn(): boolean {
    return this.options.clock.now() >= this.#noLoginBeforeMs;
  }

  /** Pauses that double, so that neither a lockout is prolonged nor Vault filled with tokens that are of no use. */
  #waitWithLogins(): void {
    if (!this.#mayLogIn) return;
    this.#noLoginBeforeMs =
      this.options.clock.now() + Math.min(SECOND_MS * 2 ** this.#failedLogins, MAX_LOGIN_PAUSE_MS);
    this.#failedLogins += 1;
  }

  async #extend(lease: HeldLease): Promise<void> {
    const { http, clock } = this.options;
    try {
      if (lease.isRenewable) {
        const renewed = await renew(http, lease.token);
        this.#lease = hold(renewed, clock.now(), lease.fullDurationMs);
        if (renewed.durationMs >= lease.fullDurationMs / 2) return;
      }
    } catch {
      // A token that cannot be renewed is replaced, if it can be.
    }
    // Until the token ends it is good, and all this is tried again; what goes wrong then is told then.
    if (this.#canLogIn) await this.#logIn().catch(() => undefined);
  }

  /** One login at a time, whoever needs it. */
  #logIn(): Promise<HeldLease> {
    this.#loggingIn ??= this.#tryLogIn().finally(() => (this.#loggingIn = undefined));
    return this.#loggingIn;
  }

  async #tryLogIn(): Promise<HeldLease> {
    const { http, login, clock } = this.options;
    if (!this.#mayLogIn) throw new VaultError('Vault has refused the login; it is tried again later', 403);
    try {
      const lease = await logIn(http, login);
      this.#lease = hold(lease, clock.now(), lease.durationMs);
      return this.#lease;
    } catch (error) {
      if (isRefusal(error)) this.#waitWithLogins();
      throw error;
    }
  }
}

function hold(lease: VaultLease, nowMs: number, fullDurationMs: number): HeldLease {
  const { durationMs } = lease;
  return { ...lease, fullDurationMs, renewAtMs: nowMs + durationMs * RENEW_AT, endsAtMs: nowMs + durationMs };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof VaultError && (error.status === 400 || error.status === 403);

function describe(status: number): string {
  switch (status) {
    case 403:
      return "Vault answered 403: look at the token's policy";
    case 429:
      return 'Vault answered 429: its rate limit is used up';
    case 503:
      return 'Vault answered 503: it is sealed or in maintenance';
    default:
      return `Vault answered ${status}`;
  }
}
