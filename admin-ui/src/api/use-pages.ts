import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query'

/** A page of a list that goes on behind a cursor, with how many there are in all. */
interface ListPage {
  readonly rows: readonly unknown[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly after: string | null }
  readonly total: number
}

export interface More {
  /** Nothing is left to be shown. */
  readonly isAll: boolean
  readonly isReading: boolean
  /** The list is being read again, or further: whoever asked for more now would break that off. */
  readonly isBusy: boolean
  /** Why what was asked for last did not come; what is shown stays. */
  readonly error: unknown
  readonly show: () => void
}

interface Pages<P extends ListPage> {
  readonly data: { readonly rows: P['rows'][number][]; readonly latest: P } | undefined
  readonly error: unknown
  readonly more: More
}

/**
 * As many pages of a list as were asked for, one after the other. When the list is read again, all of them are, each behind the one before as
 * it stands now: what has been settled in the meantime leaves no gap, and nothing is there twice.
 * @param read a page, from the beginning where there is no cursor
 */
export function usePages<P extends ListPage>(key: QueryKey, read: (from: { after?: string }, signal: AbortSignal) => Promise<P>): Pages<P> {
  const query = useInfiniteQuery({
    queryKey: [...key, 'pages'],
    queryFn: ({ pageParam, signal }) => read(pageParam === null ? {} : { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => pageInfo.after,
  })
  const pages = query.data?.pages ?? []
  const latest = pages.at(-1)
  return {
    // The page read last knows best what there is of the whole.
    data: latest && { rows: pages.flatMap(({ rows }) => rows), latest },
    error: query.error,
    more: {
      isAll: !query.hasNextPage,
      isReading: query.isFetchingNextPage,
      isBusy: query.isFetching,
      error: query.isFetchNextPageError ? query.error : null,
      show: () => void query.fetchNextPage(),
    },
  }
}
