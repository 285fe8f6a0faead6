import { ROLES, type Role } from '@tollgate/admin-contract';
import { TollgateError } from '@tollgate/domain';

/** Who is asking. */
export interface Operator {
  /** `token:<public part>`, `oidc:<subject>` or `admin-token`: as the audit names them. */
  readonly id: string;
  readonly role: Role;
}

/** @throws TollgateError `role_not_allowed` when the operator has less than the required role */
export function requireRole({ role }: Operator, required: Role): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(required)) return;
  throw new TollgateError('role_not_allowed', `This needs the role ${required}.`, {
    facts: { role, required_role: required },
  });
}
