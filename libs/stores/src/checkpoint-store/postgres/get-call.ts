/** A version that is wanted. */
export interface GetCall {
  readonly tenantId: string;
  readonly runId: string;
  /** Undefined: the latest. */
  readonly version: number | undefined;
}

/** Reads versions; `place` is the call's. Each is read under its own tenant's row-level security. */
export const GET_SQL = `
  SELECT i.place, g.* FROM json_to_recordset($1) AS i(place int, tenant text, run text, version bigint),
  LATERAL tollgate_get_checkpoint(i.tenant, i.run, i.version) AS g`;

/** What GET_SQL takes: the calls as JSON. */
export function toGetValues(calls: readonly GetCall[]): [string] {
  const records = calls.map(({ tenantId, runId, version }, place) => ({
    place,
    tenant: tenantId,
    run: runId,
    version,
  }));
  return [JSON.stringify(records)];
}
