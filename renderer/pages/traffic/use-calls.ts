import {
  keepPreviousData,
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { CallFilter, CallRow, MethodInput, MethodOutput } from '../../../gateway/contract.ts'
import type { CallFailure } from '../../client/client.ts'
import { useClient } from '../../client/client-context.tsx'
import { useEvent } from '../../client/query.ts'
import { forget, mergeCalls, noLiveCalls, release, takeIn } from './live-calls.ts'

type Page = MethodOutput<'traffic.list'>
type Cursor = MethodInput<'traffic.list'>['before']
type Pages = InfiniteData<Page, Cursor>

const pageSize = 100
/** The ledger is not read anew more often than this while more calls come than are told. */
const catchUpMs = 1_000

export interface Calls {
  calls: readonly CallRow[]
  /** Nothing is known yet. */
  isPending: boolean
  /** Those of other filters, while the right ones are on their way. */
  isOld: boolean
  error: CallFailure | null
  /** Calls that are told, but not in the list. `isMore`: and others that are not even counted. */
  waiting: { count: number; isMore: boolean }
  showWaiting: () => void
  hasOlder: boolean
  isLoadingOlder: boolean
  loadOlder: () => void
  reload: () => void
}

/** The calls that fit a filter: pages of the ledger below, what is told live on top. */
export function useCalls(filter: CallFilter, isHeld: boolean): Calls {
  const client = useClient()
  const pages = useInfiniteQuery<Page, CallFailure, Pages, readonly unknown[], Cursor>({
    queryKey: ['traffic.list', 'pages', filter],
    queryFn: ({ pageParam: before }) =>
      client.call('traffic.list', { limit: pageSize, filter, ...(before === undefined ? {} : { before }) }),
    initialPageParam: undefined,
    getNextPageParam: cursorAfter,
    placeholderData: keepPreviousData,
    // What was told under other filters is not in the pages kept of these.
    staleTime: 0,
    // Events keep it fresh: to read every page again because the window came to the front would be waste.
    refetchOnWindowFocus: false,
  })
  const live = useLive(filter, isHeld, async () => void (await pages.refetch()))
  const kept = pages.data?.pages
  const calls = useMemo(() => mergeCalls(live.shown, kept?.flatMap((page) => page.calls) ?? []), [live.shown, kept])
  return {
    calls: pages.isPlaceholderData ? (kept?.flatMap((page) => page.calls) ?? []) : calls,
    isPending: pages.isPending,
    isOld: pages.isPlaceholderData,
    error: pages.error,
    waiting: { count: live.waiting.length, isMore: live.isBehind && isHeld },
    showWaiting: live.showWaiting,
    hasOlder: pages.hasNextPage,
    isLoadingOlder: pages.isFetchingNextPage,
    loadOlder: () => void pages.fetchNextPage(),
    reload: live.reload,
  }
}

function cursorAfter({ calls, hasMore }: Page): Cursor {
  const last = calls.at(-1)
  return hasMore && last !== undefined ? { startedAt: last.startedAt, id: last.id } : undefined
}

function useLive(filter: CallFilter, isHeld: boolean, refetch: () => Promise<void>) {
  const queries = useQueryClient()
  const key = JSON.stringify(filter)
  const [state, setState] = useState({ key, live: noLiveCalls })
  const live = state.key === key ? state.live : noLiveCalls
  const change = (next: (live: typeof noLiveCalls) => typeof noLiveCalls) =>
    setState((old) => ({ key, live: next(old.key === key ? old.live : noLiveCalls) }))

  const reload = async () => {
    const old = live
    change((now) => ({ ...now, isBehind: false }))
    keepFirstPage(queries, key)
    await refetch()
    change((now) => forget(now, old))
  }
  useEvent('calls', ({ calls, dropped }) => change((now) => takeIn(now, { calls, dropped, filter, isHeld })))
  // Also told when the connection was lost and is back: calls may have been missed.
  useEvent('config', () => change((now) => ({ ...now, isBehind: true })))
  if (!isHeld && live.waiting.length > 0) change(release)
  const catchUp = useEffectEvent(() => void reload())
  useEffect(() => {
    if (!live.isBehind || isHeld) return undefined
    const timer = setTimeout(catchUp, catchUpMs)
    return () => clearTimeout(timer)
  }, [live.isBehind, isHeld])
  useEffect(() => () => keepFirstPage(queries, key), [queries, key])

  return {
    ...live,
    reload: () => void reload(),
    showWaiting: () => (live.isBehind ? void reload() : change(release)),
  }
}

/** Who comes back, or wants the newest, reads one page again, not all that were once scrolled through. */
function keepFirstPage(queries: QueryClient, key: string): void {
  queries.setQueryData<Pages>(['traffic.list', 'pages', JSON.parse(key)], (old) =>
    old === undefined ? old : { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) },
  )
}
