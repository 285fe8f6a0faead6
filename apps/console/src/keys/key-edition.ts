import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { adminApi, editionOf, type Edition, type Wire } from '../api/admin-api.js';

/** A key as it is at this moment, with the edition that a change of it names. */
export function useKeyEdition(
  key: Wire['Key'],
): UseQueryResult<Edition<Wire['Key']>> & { reload: () => void } {
  const queryClient = useQueryClient();
  const queryKey = ['key', key.tenant_id, key.id];
  const query = useQuery({
    queryKey,
    queryFn: () =>
      editionOf(
        adminApi.GET('/admin/v1/tenants/{tenant_id}/keys/{key_id}', {
          params: { path: { tenant_id: key.tenant_id, key_id: key.id } },
        }),
      ),
    staleTime: Infinity, // what the operator has seen is what is changed
    gcTime: 0,
  });
  return { ...query, reload: () => void queryClient.invalidateQueries({ queryKey }) };
}
