import { z } from 'zod';
import { VaultError } from './vault-error.js';
import type { VaultReply } from './vault-http.js';

const listReply = z.object({ data: z.object({ keys: z.array(z.string()).max(20_000) }) });
const secretReply = z.object({
  data: z.object({ data: z.record(z.string(), z.unknown()), metadata: z.record(z.string(), z.unknown()) }),
});
const nothingThere = z.object({ errors: z.tuple([]) });
const goneVersion = z.object({ data: z.object({ data: z.null() }) });

/** The names of a list; none when there is nothing. @throws VaultError when the path leads nowhere */
export function readNames(reply: VaultReply): readonly string[] {
  if (reply.status === 404) {
    // Vault says 404 for an empty list too, but then without an error: a wrong mount must not read as "no tenants".
    if (nothingThere.safeParse(reply.body).success) return [];
    throw new VaultError('Vault knows no such path: look at VAULT_TENANT_PATH and VAULT_NAMESPACE', 404);
  }
  const parsed = listReply.safeParse(reply.body);
  if (!parsed.success) throw new VaultError('Vault answered the list of tenants with something else');
  return parsed.data.data.keys;
}

/** The newest version of a secret, with what Vault notes of it: number and times. */
export type VaultSecret = z.output<typeof secretReply>['data'];

/** The newest version of a secret; undefined when there is none, or it was deleted or destroyed. @throws VaultError */
export function readSecret(reply: VaultReply): VaultSecret | undefined {
  if (reply.status === 404) {
    const { body } = reply;
    if (nothingThere.safeParse(body).success || goneVersion.safeParse(body).success) return undefined;
    throw new VaultError('Vault knows no such path: look at VAULT_TENANT_PATH and VAULT_NAMESPACE', 404);
  }
  const parsed = secretReply.safeParse(reply.body);
  if (!parsed.success)
    throw new VaultError('Vault answered a secret with something that is none of KV version 2');
  return parsed.data.data;
}
