import { FINAL_ATTEMPT } from '../../ledger/usage-event.js';
import { SUM_COLUMNS } from './rollup-columns.js';

const sums = SUM_COLUMNS.map((column) => `sum(${column})::bigint AS ${column}`).join(', ');

/**
 * Adds up the ledger over the tenants' hours in `hours`, a relation with the columns tenant_id and hour, as rows of the
 * shape of usage_hourly.
 */
export const ledgerLines = (hours: string): string => `
  SELECT h.tenant_id, h.hour, e.* FROM ${hours} h CROSS JOIN LATERAL (
    SELECT coalesce(agent_id, '') AS agent_id, key_id, model, model_provider, status, coalesce(task_type, '') AS task_type,
      count(*) FILTER (WHERE attempt = ${FINAL_ATTEMPT}) AS calls, count(*) AS tries, ${sums}
    FROM usage_events
    WHERE tenant_id = h.tenant_id AND request_id >= tollgate_first_uuid(h.hour)
      AND request_id < tollgate_first_uuid(h.hour + interval '1 hour')
    GROUP BY 1, 2, 3, 4, 5, 6
  ) e`;
