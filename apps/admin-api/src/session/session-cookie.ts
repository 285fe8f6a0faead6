import { SESSION_COOKIE } from '@tollgate/admin-contract';

const SECRET = /^[\w-]{43}$/;
const SECOND_MS = 1000;

/** The secret of the session that a Cookie header names; undefined for none, and '' for what cannot be one. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === SESSION_COOKIE);
  const [value] = values;
  if (!value) return undefined;
  // Two of the same name: somebody else's page has set one of them.
  const secret = values.length === 1 ? value.slice(1).join('=') : '';
  return SECRET.test(secret) ? secret : '';
}

const ATTRIBUTES = 'Path=/admin; HttpOnly; SameSite=Strict';

/** A Set-Cookie header that keeps a session's secret until it ends. */
export function formatSessionCookie(secret: string, lifeMs: number, isSecure: boolean): string {
  const maxAge = Math.max(0, Math.floor(lifeMs / SECOND_MS));
  return `${SESSION_COOKIE}=${secret}; ${ATTRIBUTES}; Max-Age=${maxAge}${isSecure ? '; Secure' : ''}`;
}

/** A Set-Cookie header that forgets a session. */
export const FORGET_COOKIE = `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;
