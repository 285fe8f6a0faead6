import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '@tollgate/admin-contract';
import { TollgateError, type Clock } from '@tollgate/domain';
import type { Pool } from 'pg';
import type { LoginThrottle } from '../login/login-throttle.js';
import type { Operator } from '../login/operator.js';
import { FORGET_COOKIE } from './session-cookie.js';

const SECRET_BYTES = 32;
const LIFE_MS = 8 * 3_600_000;

/** A session that holds. */
export interface Session {
  readonly operator: Operator;
  readonly expiresAtMs: number;
  /** What only who can read the API's answers knows: pages of other sites cannot. */
  readonly csrfToken: string;
}

/** What sessions are made from. */
export interface SessionsOptions {
  readonly pool: Pool;
  /** Sessions are stored by a MAC with it: with another ADMIN_TOKEN none holds any more. */
  readonly adminToken: string;
  readonly throttle: LoginThrottle;
  readonly clock: Clock;
}

interface Row {
  readonly operator: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: Date;
}

// The role is the token's of this moment, and a session ends with its token.
const FIND_SQL = `
  SELECT s.operator, s.name, coalesce(t.role, s.role) AS role, s.expires_at
  FROM operator_sessions s LEFT JOIN operator_tokens t ON t.id = s.token_id
  WHERE s.secret_mac = $1 AND s.expires_at > $2
    AND (t.id IS NULL OR (t.revoked_at IS NULL AND coalesce(t.expires_at, 'infinity') > $2))`;

const OPEN_SQL = `
  WITH old AS (DELETE FROM operator_sessions WHERE expires_at <= $6)
  INSERT INTO operator_sessions (secret_mac, operator, name, role, token_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const mac = (key: string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Sessions of the console, in Postgres: every replica knows them, and one that was closed is closed everywhere. */
export class Sessions {
  constructor(private readonly options: SessionsOptions) {}

  /** Opens one with a new secret, for eight hours, or until the operator's token ends. */
  async open(operator: Operator): Promise<{ readonly secret: string; readonly session: Session }> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const nowMs = this.options.clock.now();
    const expiresAtMs = Math.min(nowMs + LIFE_MS, operator.endsAtMs ?? Infinity);
    const { id, name, role } = operator;
    await this.options.pool.query(OPEN_SQL, [
      this.#placeOf(secret),
      id,
      name,
      role,
      id.startsWith('token:') ? id.slice('token:'.length) : null,
      new Date(nowMs),
      new Date(expiresAtMs),
    ]);
    return { secret, session: sessionOf(secret, operator, expiresAtMs) };
  }

  /**
   * The session with this secret; `source` is the address that it came from.
   * @throws TollgateError `invalid_operator_token` (and the cookie is forgotten), `too_many_logins`
   */
  async get(secret: string, source: string): Promise<Session> {
    const { pool, clock, throttle } = this.options;
    throttle.check(source);
    const values = [this.#placeOf(secret), new Date(clock.now())];
    const row = secret === '' ? undefined : (await pool.query<Row>(FIND_SQL, values)).rows[0];
    if (row) {
      const expiresAtMs = row.expires_at.getTime();
      return sessionOf(
        secret,
        { id: row.operator, name: row.name, role: row.role, endsAtMs: expiresAtMs },
        expiresAtMs,
      );
    }
    throttle.refused(source);
    throw new TollgateError('invalid_operator_token', 'The session has ended. Log in again.', {
      headers: { 'set-cookie': FORGET_COOKIE },
    });
  }

  /** Ends it; one that has ended already is none. */
  async close(secret: string): Promise<void> {
    await this.options.pool.query('DELETE FROM operator_sessions WHERE secret_mac = $1', [
      this.#placeOf(secret),
    ]);
  }

  #placeOf(secret: string): Buffer {
    return mac(this.options.adminToken, `session ${secret}`);
  }
}

function sessionOf(secret: string, operator: Operator, expiresAtMs: number): Session {
  return { operator, expiresAtMs, csrfToken: mac(secret, 'csrf').toString('base64url') };
}

/**
 * Refuses a change that a page of another site could have sent.
 * @throws TollgateError `csrf_token_invalid`
 */
export function requireCsrfToken({ csrfToken }: Session, header: unknown): void {
  const sent = Buffer.from(typeof header === 'string' ? header : '');
  const expected = Buffer.from(csrfToken);
  if (sent.length === expected.length && timingSafeEqual(sent, expected)) return;
  throw new TollgateError(
    'csrf_token_invalid',
    "Send the session's csrf_token in the header x-csrf-token with each change.",
    { param: 'x-csrf-token' },
  );
}
