const HEAD_FIELDS =
  'status agent_id workflow_id next_step_index document_bytes content_hash created_at updated_at';
const head = (alias: string): string =>
  `${alias}.run_id, ${alias}.version, ${HEAD_FIELDS.replace(/\w+/g, `${alias}.$&`).replaceAll(' ', ', ')}`;
const HEAD_TYPES =
  'status text, agent_id text, workflow_id text, next_step_index bigint, document_bytes integer, content_hash bytea, created_at timestamptz, updated_at timestamptz';

// The cursor's bounds are expressions over parameters alone, so that the index serves both filter and order.
const listed = (source: string, table: string, condition: string): string => `
    (SELECT '${source}', ${head('c')} FROM ${table} c
     WHERE c.tenant_id = p_tenant AND ${condition}
       AND (p_agent IS NULL OR c.agent_id = p_agent) AND (p_status IS NULL OR c.status = p_status)
       AND c.created_at >= coalesce(p_created_after, '-infinity') AND c.created_at < coalesce(p_created_before, 'infinity')
       AND (c.created_at, c.run_id) < (coalesce(p_cursor_at, 'infinity'), coalesce(p_cursor_run, ''))
     ORDER BY c.created_at DESC, c.run_id DESC LIMIT p_limit)`;

/**
 * What reads checkpoints. Each is one statement over live rows and the archive's index: with two, a run that comes back
 * from the archive between them would be in neither.
 */
export const READ_FUNCTIONS = [
  `CREATE FUNCTION tollgate_get_checkpoint(p_tenant text, p_run text, p_version bigint)
  RETURNS TABLE (source text, run_id text, version bigint, ${HEAD_TYPES},
    document bytea, pack_key text, pack_id uuid, "offset" integer, length integer, sha256 bytea) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('tollgate.tenant_id', p_tenant, true);
    RETURN QUERY
    SELECT 'live', ${head('c')}, c.document, NULL::text, NULL::uuid, NULL::integer, NULL::integer, NULL::bytea
    FROM checkpoints c WHERE c.tenant_id = p_tenant AND c.run_id = p_run AND c.version = coalesce(p_version, c.version)
    UNION ALL
    SELECT 'live', ${head('h')}, h.document, NULL, NULL, NULL, NULL, NULL
    FROM checkpoint_history h WHERE h.tenant_id = p_tenant AND h.run_id = p_run AND h.version = p_version
    UNION ALL
    SELECT 'archive', ${head('e')}, NULL, p.key, p.id, e."offset", e.length, e.sha256
    FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id AND p.tenant_id = p_tenant
    WHERE e.tenant_id = p_tenant AND e.run_id = p_run AND e.version = coalesce(p_version, e.version)
    LIMIT 1;
  END $$`,
  `CREATE FUNCTION tollgate_list_checkpoints(p_tenant text, p_agent text, p_status text, p_created_after timestamptz,
    p_created_before timestamptz, p_cursor_at timestamptz, p_cursor_run text, p_limit integer)
  RETURNS TABLE (source text, run_id text, version bigint, ${HEAD_TYPES}) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('tollgate.tenant_id', p_tenant, true);
    RETURN QUERY
    ${listed('live', 'checkpoints', 'true')}
    UNION ALL
    ${listed('archive', 'archive_entries', 'c.is_evicted')}
    ORDER BY 10 DESC, 2 DESC LIMIT p_limit; -- created_at, run_id
  END $$`,
];
