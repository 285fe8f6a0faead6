import { inSchema } from '../service-group.sql.js';

const REFUSE = 'tollgate_refuse_audit_change';

const refuseOn = (event: string): string => `
  CREATE TRIGGER audit_log_refuse_${event.toLowerCase()} BEFORE ${event} ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION ${REFUSE}()`;

/**
 * Who changed what: a chain in which each row's hash covers the row and the hash before it, and whose last link stands
 * in audit_head, so that rows which were changed, moved or taken away, the last ones too, are missed. Rows are linked
 * here and not by who writes them, one after the other.
 */
export const AUDIT_TABLES = [
  `CREATE TABLE audit_log (
    seq bigint PRIMARY KEY, at timestamptz NOT NULL, actor text NOT NULL, action text NOT NULL,
    target_type text NOT NULL, target_id text NOT NULL, tenant_id text,
    before jsonb, after jsonb, request_id uuid NOT NULL,
    previous_hash bytea NOT NULL, hash bytea NOT NULL
  )`,
  'CREATE INDEX audit_log_tenant ON audit_log (tenant_id, seq)',
  `CREATE TABLE audit_head (
    id boolean PRIMARY KEY DEFAULT true CHECK (id), seq bigint NOT NULL, hash bytea NOT NULL
  )`,
  "INSERT INTO audit_head (seq, hash) VALUES (0, '')",
  // Each field with its length, so that no two rows look the same when their fields are put together.
  `CREATE FUNCTION tollgate_frame(field text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-') || ','
  $$`,
  `CREATE FUNCTION tollgate_chain_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
   DECLARE head audit_head;
   BEGIN
     SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
     NEW.seq := head.seq + 1;
     NEW.at := date_trunc('milliseconds', clock_timestamp());
     NEW.previous_hash := head.hash;
     NEW.hash := sha256(convert_to(
       tollgate_frame(encode(NEW.previous_hash, 'hex')) || tollgate_frame(NEW.seq::text) ||
       tollgate_frame((extract(epoch FROM NEW.at) * 1000000)::bigint::text) || tollgate_frame(NEW.actor) ||
       tollgate_frame(NEW.action) || tollgate_frame(NEW.target_type) || tollgate_frame(NEW.target_id) ||
       tollgate_frame(NEW.tenant_id) || tollgate_frame(NEW.before::text) || tollgate_frame(NEW.after::text) ||
       tollgate_frame(NEW.request_id::text), 'UTF8'));
     UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash;
     RETURN NEW;
   END $$`,
  inSchema('ALTER FUNCTION tollgate_chain_audit() SET search_path = %I, pg_temp'),
  `CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log
   FOR EACH ROW EXECUTE FUNCTION tollgate_chain_audit()`,
  `CREATE FUNCTION ${REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'the audit is never changed' USING ERRCODE = 'insufficient_privilege'; END $$`,
  ...['UPDATE', 'DELETE', 'TRUNCATE'].map(refuseOn),
];
