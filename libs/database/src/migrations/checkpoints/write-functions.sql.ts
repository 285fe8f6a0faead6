/**
 * What changes a checkpoint, each in one round trip. Locks are taken in one order: the row of `checkpoints` (or, when
 * there is none, the run's advisory lock and then the row), queue, entry, pack, shard of the usage. Functions run with
 * the rights of their caller, so row-level security binds them.
 */
export const WRITE_FUNCTIONS = [
  `CREATE FUNCTION tollgate_lock_run(p_tenant text, p_run text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(p_tenant || '/' || p_run, 0)) -- no tenant's id has a slash
  $$`,
  `CREATE FUNCTION tollgate_is_terminal(p_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_status IN ('completed', 'aborted', 'failed')
  $$`,
  // The shard is the last lock: one transaction that moves several runs takes them in the order of their shards.
  `CREATE FUNCTION tollgate_checkpoint_shard(p_run text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashtext(p_run) & 7)::smallint
  $$`,
  `CREATE FUNCTION tollgate_add_checkpoint_usage(p_tenant text, p_run text, p_checkpoints bigint, p_bytes bigint)
  RETURNS void LANGUAGE sql AS $$
    INSERT INTO checkpoint_usage AS u (tenant_id, shard, checkpoints, bytes)
    SELECT p_tenant, tollgate_checkpoint_shard(p_run), p_checkpoints, p_bytes WHERE p_checkpoints <> 0 OR p_bytes <> 0
    ON CONFLICT (tenant_id, shard)
    DO UPDATE SET checkpoints = u.checkpoints + excluded.checkpoints, bytes = u.bytes + excluded.bytes
  $$`,
  // Which quota a change would break: none when it takes nothing more.
  `CREATE FUNCTION tollgate_find_quota_breach(p_tenant text, p_checkpoints bigint, p_bytes bigint,
    p_max_checkpoints bigint, p_max_bytes bigint, OUT o_scope text, OUT o_used bigint) LANGUAGE plpgsql AS $$
  DECLARE used_checkpoints bigint; used_bytes bigint;
  BEGIN
    IF (p_max_checkpoints IS NULL OR p_checkpoints <= 0) AND (p_max_bytes IS NULL OR p_bytes <= 0) THEN RETURN; END IF;
    SELECT coalesce(sum(checkpoints), 0), coalesce(sum(bytes), 0) INTO used_checkpoints, used_bytes
    FROM checkpoint_usage WHERE tenant_id = p_tenant;
    IF p_checkpoints > 0 AND used_checkpoints + p_checkpoints > p_max_checkpoints THEN
      o_scope := 'checkpoints'; o_used := used_checkpoints;
    ELSIF p_bytes > 0 AND used_bytes + p_bytes > p_max_bytes THEN
      o_scope := 'bytes'; o_used := used_bytes;
    END IF;
  END $$`,
  // An archived version that is the latest no longer: its bytes in the pack are dead.
  `CREATE FUNCTION tollgate_bury_entry(p_tenant text, p_run text) RETURNS void LANGUAGE sql AS $$
    WITH buried AS (DELETE FROM archive_entries WHERE tenant_id = p_tenant AND run_id = p_run RETURNING pack_id, length)
    UPDATE archive_packs p SET dead_members = dead_members + 1, dead_bytes = dead_bytes + buried.length
    FROM buried WHERE p.id = buried.pack_id AND p.tenant_id = p_tenant
  $$`,
  `CREATE FUNCTION tollgate_queue_offload(p_tenant text, p_run text, p_version bigint, p_updated_at timestamptz)
  RETURNS void LANGUAGE sql AS $$
    INSERT INTO checkpoint_offloads (tenant_id, run_id, version, updated_at) VALUES (p_tenant, p_run, p_version, p_updated_at)
    ON CONFLICT (tenant_id, run_id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at,
      failures = 0, retry_at = NULL, last_error = NULL, quarantined_at = NULL, owner = NULL, lease_until = NULL
  $$`,
  // outcome: created, updated, conflict (o_version: the actual one, 0 for none), foreign (the run is not p_bound_agent's),
  // deleted, quota (o_scope, o_used)
  `CREATE FUNCTION tollgate_put_checkpoint(
    p_tenant text, p_run text, p_status text, p_agent text, p_workflow text, p_step bigint,
    p_document bytea, p_document_bytes integer, p_hash bytea,
    p_if_version bigint, p_bound_agent text, p_recreate boolean, p_max_checkpoints bigint, p_max_bytes bigint, p_keep_versions integer,
    OUT outcome text, OUT o_version bigint, OUT o_created_at timestamptz, OUT o_updated_at timestamptz,
    OUT o_scope text, OUT o_used bigint) LANGUAGE plpgsql AS $$
  DECLARE
    old record; old_agent text; is_live boolean; has_entry boolean := false; is_dead boolean := false; last_version bigint := 0;
    change_bytes bigint := octet_length(p_document); change_count bigint := 1;
  BEGIN
    PERFORM set_config('tollgate.tenant_id', p_tenant, true);
    FOR attempt IN 1..2 LOOP
      SELECT version, status, agent_id, is_archived, created_at, updated_at, octet_length(document) AS bytes INTO old
      FROM checkpoints WHERE tenant_id = p_tenant AND run_id = p_run FOR UPDATE;
      is_live := FOUND;
      EXIT WHEN is_live OR attempt = 2;
      PERFORM tollgate_lock_run(p_tenant, p_run); -- who waited here for another writer looks again
    END LOOP;

    o_updated_at := date_trunc('milliseconds', clock_timestamp());
    IF is_live THEN
      last_version := old.version; old_agent := old.agent_id; change_count := 0; change_bytes := change_bytes - old.bytes;
      o_created_at := old.created_at; o_updated_at := greatest(old.updated_at, o_updated_at);
    ELSE
      SELECT e.version, e.agent_id, e.created_at, greatest(e.updated_at, o_updated_at)
      INTO last_version, old_agent, o_created_at, o_updated_at
      FROM archive_entries e WHERE e.tenant_id = p_tenant AND e.run_id = p_run;
      has_entry := FOUND;
      IF NOT has_entry THEN
        o_updated_at := date_trunc('milliseconds', clock_timestamp()); o_created_at := o_updated_at;
        SELECT t.version INTO last_version FROM checkpoint_tombstones t WHERE t.tenant_id = p_tenant AND t.run_id = p_run;
        is_dead := FOUND; last_version := coalesce(last_version, 0);
      END IF;
    END IF;
    IF is_dead AND NOT p_recreate THEN outcome := 'deleted'; o_version := last_version; RETURN; END IF;
    o_version := CASE WHEN is_dead THEN 0 ELSE last_version END;
    IF o_version > 0 AND old_agent IS DISTINCT FROM coalesce(p_bound_agent, old_agent) THEN outcome := 'foreign'; RETURN; END IF;
    IF p_if_version IS DISTINCT FROM o_version AND p_if_version IS NOT NULL THEN outcome := 'conflict'; RETURN; END IF;
    SELECT b.o_scope, b.o_used INTO o_scope, o_used
    FROM tollgate_find_quota_breach(p_tenant, change_count, change_bytes, p_max_checkpoints, p_max_bytes) b;
    IF o_scope IS NOT NULL THEN outcome := 'quota'; RETURN; END IF;

    outcome := CASE WHEN o_version = 0 THEN 'created' ELSE 'updated' END;
    o_version := last_version + 1;
    IF is_live THEN
      IF p_keep_versions > 1 THEN
        INSERT INTO checkpoint_history (tenant_id, run_id, version, status, agent_id, workflow_id, next_step_index,
          document_bytes, content_hash, created_at, updated_at, document)
        SELECT c.tenant_id, c.run_id, c.version, c.status, c.agent_id, c.workflow_id, c.next_step_index,
          c.document_bytes, c.content_hash, c.created_at, c.updated_at, c.document
        FROM checkpoints c WHERE c.tenant_id = p_tenant AND c.run_id = p_run;
      END IF;
      UPDATE checkpoints SET version = o_version, status = p_status, agent_id = p_agent, workflow_id = p_workflow,
        next_step_index = p_step, document = p_document, document_bytes = p_document_bytes, content_hash = p_hash,
        is_archived = false, updated_at = o_updated_at
      WHERE tenant_id = p_tenant AND run_id = p_run;
    ELSE
      INSERT INTO checkpoints (tenant_id, run_id, version, status, agent_id, workflow_id, next_step_index, document,
        document_bytes, content_hash, created_at, updated_at)
      VALUES (p_tenant, p_run, o_version, p_status, p_agent, p_workflow, p_step, p_document, p_document_bytes, p_hash,
        o_created_at, o_updated_at);
      IF is_dead THEN DELETE FROM checkpoint_tombstones WHERE tenant_id = p_tenant AND run_id = p_run; END IF;
    END IF;
    DELETE FROM checkpoint_history WHERE tenant_id = p_tenant AND run_id = p_run AND version <= o_version - p_keep_versions;
    IF tollgate_is_terminal(p_status) THEN
      PERFORM tollgate_queue_offload(p_tenant, p_run, o_version, o_updated_at);
    ELSIF is_live AND tollgate_is_terminal(old.status) THEN
      DELETE FROM checkpoint_offloads WHERE tenant_id = p_tenant AND run_id = p_run;
    END IF;
    IF has_entry OR old.is_archived THEN PERFORM tollgate_bury_entry(p_tenant, p_run); END IF;
    PERFORM tollgate_add_checkpoint_usage(p_tenant, p_run, change_count, change_bytes);
  END $$`,
  // outcome: deleted, conflict (o_version: the actual one), foreign, missing
  `CREATE FUNCTION tollgate_delete_checkpoint(p_tenant text, p_run text, p_if_version bigint, p_bound_agent text,
    OUT outcome text, OUT o_version bigint) LANGUAGE plpgsql AS $$
  DECLARE live_bytes bigint; old_agent text;
  BEGIN
    PERFORM set_config('tollgate.tenant_id', p_tenant, true);
    PERFORM tollgate_lock_run(p_tenant, p_run);
    SELECT version, agent_id, octet_length(document) INTO o_version, old_agent, live_bytes
    FROM checkpoints WHERE tenant_id = p_tenant AND run_id = p_run FOR UPDATE;
    IF NOT FOUND THEN
      SELECT version, agent_id INTO o_version, old_agent FROM archive_entries WHERE tenant_id = p_tenant AND run_id = p_run;
    END IF;
    IF NOT FOUND THEN
      -- Again: whoever did not hear the answer is told the same.
      SELECT version INTO o_version FROM checkpoint_tombstones
      WHERE tenant_id = p_tenant AND run_id = p_run AND version = coalesce(p_if_version, version);
      outcome := CASE WHEN FOUND THEN 'deleted' ELSE 'missing' END; RETURN;
    END IF;
    IF old_agent IS DISTINCT FROM coalesce(p_bound_agent, old_agent) THEN outcome := 'foreign'; RETURN; END IF;
    IF o_version <> p_if_version THEN outcome := 'conflict'; RETURN; END IF;
    DELETE FROM checkpoints WHERE tenant_id = p_tenant AND run_id = p_run;
    DELETE FROM checkpoint_offloads WHERE tenant_id = p_tenant AND run_id = p_run;
    DELETE FROM checkpoint_history WHERE tenant_id = p_tenant AND run_id = p_run;
    INSERT INTO checkpoint_tombstones (tenant_id, run_id, version) VALUES (p_tenant, p_run, o_version)
    ON CONFLICT (tenant_id, run_id) DO UPDATE SET version = excluded.version, deleted_at = excluded.deleted_at;
    PERFORM tollgate_bury_entry(p_tenant, p_run);
    IF live_bytes IS NOT NULL THEN PERFORM tollgate_add_checkpoint_usage(p_tenant, p_run, -1, -live_bytes); END IF;
    outcome := 'deleted';
  END $$`,
];
