/** A JSON object as an operator sees it: what something was, or is now. Never with a secret. */
export type AuditState = Readonly<Record<string, unknown>>;

/** A change, as it is written down in the transaction that makes it. */
export interface AuditEntry {
  /** Who: `token:<public part>`, `oidc:<subject>`, `admin-token`. */
  readonly actor: string;
  /** What, as `tenant.create`. */
  readonly action: string;
  /** Of what kind of thing: `tenant`, `key`, … */
  readonly targetType: string;
  readonly targetId: string;
  /** Whose; undefined for what belongs to no tenant. */
  readonly tenantId: string | undefined;
  /** Undefined for what is new. */
  readonly before: AuditState | undefined;
  /** Undefined for what is gone. */
  readonly after: AuditState | undefined;
  /** UUID. */
  readonly requestId: string;
}

/** An entry as it stands in the chain. */
export interface AuditRecord extends AuditEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  /** Lower-case hex; covers this entry and the hash before it. */
  readonly hash: string;
}

/** Which entries are wanted: those that fit everything that is set. */
export interface AuditFilter {
  readonly tenantId?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly targetType?: string | undefined;
  readonly targetId?: string | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}
