import { ROLES, type Role } from '@tollgate/admin-contract';
import { TollgateError } from '@tollgate/domain';

/** Who is asking. */
export interface Operator {
  /** `token:<public part>`, `oidc:<subject>` or `admin-token`: as the audit names them. */
  readonly id: string;
  readonly role: Role;
  /** For people to read. */
  readonly name: string;
  /** When a login with the same token ends, ms since the epoch; undefined: when somebody ends it. */
  readonly endsAtMs?: number | undefined;
}

/** @throws TollgateError `role_not_allowed` when the operator has less than the required role */
export function requireRole({ role }: Operator, required: Role): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(required)) return;
  throw new TollgateError('role_not_allowed', `This needs the role ${required}.`, {
    facts: { role, required_role: required },
  });
}
