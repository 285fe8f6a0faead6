import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { adminApi, editionOf, type Edition, type Wire } from '../api/admin-api.js';

/** An agent as it is at this moment, with the edition that a change of it names. */
export function useAgentEdition(
  agent: Wire['Agent'],
): UseQueryResult<Edition<Wire['Agent']>> & { reload: () => void } {
  const queryClient = useQueryClient();
  const queryKey = ['agent', agent.tenant_id, agent.id];
  const query = useQuery({
    queryKey,
    queryFn: () =>
      editionOf(
        adminApi.GET('/admin/v1/tenants/{tenant_id}/agents/{agent_id}', {
          params: { path: { tenant_id: agent.tenant_id, agent_id: agent.id } },
        }),
      ),
    staleTime: Infinity, // what the operator has seen is what is changed
    gcTime: 0,
  });
  return { ...query, reload: () => void queryClient.invalidateQueries({ queryKey }) };
}
