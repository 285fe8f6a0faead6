import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VaultError } from './vault-error.js';
import type { VaultHttp, VaultReply } from './vault-http.js';

const SECOND_MS = 1000;

/** How a gateway shows Vault who it is. */
export type VaultLogin =
  | { readonly method: 'token'; readonly token: string }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: string }
  | {
      readonly method: 'kubernetes';
      readonly mount: string;
      readonly role: string;
      readonly jwtPath: string;
    };

/** A token and how long it is good for. */
export interface VaultLease {
  readonly token: string;
  /** Infinite for a token without an end. */
  readonly durationMs: number;
  readonly isRenewable: boolean;
}

const seconds = z.number().min(0).max(1e10);
const authReply = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: seconds, renewable: z.boolean() }),
});
const lookupReply = z.object({
  data: z.object({
    ttl: seconds,
    renewable: z.boolean().default(false),
    /** Null for a token that never ends, whose ttl is 0 as that of one that has just ended. */
    expire_time: z.string().nullable(),
  }),
});

function expectOk(reply: VaultReply, what: string): void {
  if (reply.status !== 200) throw new VaultError(`Vault answered ${what} with ${reply.status}`, reply.status);
}

function readAuth(reply: VaultReply, what: string): VaultLease {
  expectOk(reply, what);
  const parsed = authReply.safeParse(reply.body);
  if (!parsed.success) throw new VaultError(`Vault answered ${what} with something that is no token`);
  const { client_token: token, lease_duration: duration, renewable } = parsed.data.auth;
  return { token, durationMs: duration * SECOND_MS, isRenewable: renewable };
}

async function readJwt(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    // The reason would name the path.
    throw new VaultError('The file of VAULT_K8S_JWT_PATH cannot be read');
  }
}

/** Gets a lease; a token that was given is looked up instead. @throws VaultError */
export async function logIn(http: VaultHttp, login: VaultLogin): Promise<VaultLease> {
  switch (login.method) {
    case 'token': {
      const reply = await http.request('GET', 'auth/token/lookup-self', { token: login.token });
      expectOk(reply, 'the look-up of the token');
      const parsed = lookupReply.safeParse(reply.body);
      if (!parsed.success)
        throw new VaultError('Vault answered the look-up of the token with something else');
      const { ttl, renewable, expire_time: end } = parsed.data.data;
      const durationMs = end === null ? Number.POSITIVE_INFINITY : ttl * SECOND_MS;
      return { token: login.token, durationMs, isRenewable: renewable };
    }
    case 'approle': {
      const body = { role_id: login.roleId, secret_id: login.secretId };
      return readAuth(await http.request('POST', `auth/${login.mount}/login`, { body }), 'the login');
    }
    case 'kubernetes': {
      // Kubernetes replaces the token in the file before it ends.
      const body = { role: login.role, jwt: await readJwt(login.jwtPath) };
      return readAuth(await http.request('POST', `auth/${login.mount}/login`, { body }), 'the login');
    }
  }
}

/** Extends a lease. @throws VaultError; status 400 or 403 when it cannot be extended */
export async function renew(http: VaultHttp, token: string): Promise<VaultLease> {
  return readAuth(
    await http.request('POST', 'auth/token/renew-self', { token, body: {} }),
    'the renewal of the token',
  );
}
