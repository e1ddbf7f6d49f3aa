import { useMemo } from 'react'
import { useLocation, useParams, useSearch } from 'wouter'
import type { CallFilter } from '../../../gateway/contract.ts'
import { readFilter, trafficPath, withParameter, withoutFilters, type FilterName } from './call-filter.ts'

export interface TrafficAddress {
  filter: CallFilter
  setFilter: (name: FilterName, value: string | undefined) => void
  clearFilters: () => void
  /** The call whose detail is open. */
  callId: string | undefined
  /** `replace`: Back does not lead through it. */
  open: (callId: string | undefined, options?: { replace?: boolean }) => void
}

/** What the page shows stands in the address, so that Back, bookmarks and links work. */
export function useTrafficAddress(): TrafficAddress {
  const text = useSearch()
  const { callId: encoded } = useParams<{ callId?: string }>()
  const [, go] = useLocation()
  const callId = encoded === undefined || encoded === '' ? undefined : decode(encoded)
  const search = new URLSearchParams(text)
  const filter = useMemo(() => readFilter(new URLSearchParams(text)), [text])
  return {
    filter,
    callId,
    setFilter: (name, value) => go(trafficPath(callId, withParameter(search, name, value)), { replace: true }),
    clearFilters: () => go(trafficPath(callId, withoutFilters(search)), { replace: true }),
    open: (next, options) => go(trafficPath(next, search), options),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
