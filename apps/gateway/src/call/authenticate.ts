import type { IncomingMessage } from 'node:http';
import { TollgateError } from '@tollgate/domain';
import type { Principal, TenantDirectory } from '@tollgate/tenant-config';

const CREDENTIAL_HEADERS = new Set(['authorization', 'x-api-key', 'api-key']);

// Node keeps only the first of two Authorization headers; the raw list has them all.
function findCredentials({ rawHeaders }: IncomingMessage): Set<string> {
  const found = new Set<string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (!CREDENTIAL_HEADERS.has(name)) continue;
    const value = rawHeaders[i + 1] ?? '';
    found.add(name === 'authorization' ? value.replace(/^bearer +/i, '') : value);
  }
  return found;
}

/**
 * Finds out who calls, by `Authorization: Bearer`, `x-api-key` or `api-key`.
 * @throws TollgateError `invalid_api_key`, `ambiguous_credentials`, `tenant_settings_unavailable`
 */
export function authenticate(request: IncomingMessage, directory: TenantDirectory): Principal {
  const [apiKey, ...others] = findCredentials(request);
  if (others.length > 0)
    throw new TollgateError('ambiguous_credentials', 'The request carries more than one API key.');
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
