import type { EndpointName } from '#contracts/api/api.ts'
import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query'
import { call, type Answer, type Request } from './client.ts'

/** Reads an endpoint of the contract; `key` names what is read, so that events and commands can ask for it again. */
export function useCall<N extends EndpointName>(
  key: QueryKey,
  name: N,
  request: Request<N>,
  options: { enabled?: boolean; staleTime?: number; refetchInterval?: number } = {},
): UseQueryResult<Answer<N>> {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => call(name, request, { signal }), ...options })
}

/** Counts of the person's lists. Polling is only the fallback of the event stream. */
export const useCounts = (): UseQueryResult<Answer<'countTasks'>> => useCall(['counts'], 'countTasks', {}, { refetchInterval: 60_000 })

/** Banks, guarantors, materials and reason codes: they change with a decision of the house, not during a day's work. */
export const useReference = (): UseQueryResult<Answer<'reference'>> => useCall(['reference'], 'reference', {}, { staleTime: 600_000 })
