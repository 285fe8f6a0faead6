import type { IncomingMessage } from 'node:http';
import { TollgateError } from '@tollgate/domain';
import type { Principal, TenantDirectory } from '@tollgate/tenant-config';

const LONGEST_HEADER = 'authorization'.length;

function credentialIn(name: string, value: string): string | undefined {
  switch (name) {
    case 'authorization':
      return value.replace(/^bearer +/i, '');
    case 'x-api-key':
    case 'api-key':
      return value;
    default:
      return undefined;
  }
}

/**
 * The API key of a request. Node keeps only the first of two Authorization headers; the raw list has them all.
 * @throws TollgateError `ambiguous_credentials`
 */
function findApiKey({ rawHeaders }: IncomingMessage): string | undefined {
  let found: string | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length > LONGEST_HEADER) continue;
    const credential = credentialIn(name.toLowerCase(), rawHeaders[i + 1] ?? '');
    if (credential === undefined || credential === found) continue;
    if (found !== undefined)
      throw new TollgateError('ambiguous_credentials', 'The request carries more than one API key.');
    found = credential;
  }
  return found;
}

/**
 * Finds out who calls, by `Authorization: Bearer`, `x-api-key` or `api-key`.
 * @throws TollgateError `invalid_api_key`, `ambiguous_credentials`, `tenant_settings_unavailable`
 */
export function authenticate(request: IncomingMessage, directory: TenantDirectory): Principal {
  const apiKey = findApiKey(request);
  if (!apiKey)
    throw new TollgateError(
      'invalid_api_key',
      'No API key was sent. Use the header Authorization: Bearer <key>.',
    );
  if (!directory.isLoaded)
    throw new TollgateError('tenant_settings_unavailable', 'Tenant settings are not available yet.', {
      retryAfterMs: 1000,
    });
  const principal = directory.findPrincipal(apiKey);
  if (!principal) throw new TollgateError('invalid_api_key', 'The API key is not valid.');
  return principal;
}
