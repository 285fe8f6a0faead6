/** A version that is wanted. */
export interface GetCall {
  readonly tenantId: string;
  readonly runId: string;
  /** Undefined: the latest. */
  readonly version: number | undefined;
}

/** Reads one version. */
export const GET_ONE_SQL = 'SELECT * FROM tollgate_get_checkpoint($1, $2, $3)';

/** Reads several; `place` is the call's. Each is read under its own tenant's row-level security. */
export const GET_MANY_SQL = `
  SELECT i.place, g.* FROM json_to_recordset($1) AS i(place int, tenant text, run text, version bigint),
  LATERAL tollgate_get_checkpoint(i.tenant, i.run, i.version) AS g`;

/** What GET_MANY_SQL takes of each call, beside its place. */
export function toGetRecord({ tenantId, runId, version }: GetCall): object {
  return { tenant: tenantId, run: runId, version };
}
