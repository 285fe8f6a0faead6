import type { IncomingHttpHeaders } from 'node:http';
import { TollgateError } from '@tollgate/domain';
import type { Attribution } from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/;

function readName(headers: IncomingHttpHeaders, header: string): string | null {
  const value = headers[header];
  if (value === undefined || value === '') return null;
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw new TollgateError('invalid_header', `${header} must be 1 to 128 letters, digits or . _ : @ / -`, {
    param: header,
  });
}

/**
 * Whom a call is billed to, from the key and the attribution headers.
 * @throws TollgateError `invalid_header`, or `agent_not_allowed` when the key is bound to another agent
 */
export function attribute({ tenant, key }: Principal, headers: IncomingHttpHeaders): Attribution {
  const named = readName(headers, 'x-agent-id');
  if (key.agentId !== undefined && named !== null && named !== key.agentId) {
    throw new TollgateError('agent_not_allowed', 'This API key may act for another agent only.', {
      param: 'x-agent-id',
    });
  }
  return {
    tenantId: tenant.id,
    keyId: key.id,
    agentId: key.agentId ?? named,
    runId: readName(headers, 'x-run-id'),
    taskType: readName(headers, 'x-task-type'),
  };
}
