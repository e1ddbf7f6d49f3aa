import type { CallFilter, CallRow } from '../../../gateway/contract.ts'
import { matchesFilter } from './call-filter.ts'

/** Calls that ended while the page is open, beside the pages that were read from the ledger. */
export interface LiveCalls {
  /** In the list. Newest first. */
  shown: readonly CallRow[]
  /** Told while the list is held still; not in it yet. Newest first. */
  waiting: readonly CallRow[]
  /** More came than was told or kept: only the ledger knows them all. */
  isBehind: boolean
}

export const noLiveCalls: LiveCalls = { shown: [], waiting: [], isBehind: false }

/** More than this is read from the ledger again instead: the window must stay small. */
const mostKept = 500

export interface Told {
  calls: readonly CallRow[]
  dropped: number
  filter: CallFilter
  /** Paused, or scrolled down: what is read must not move. */
  isHeld: boolean
}

/** What the gateway has just told, taken in. */
export function takeIn(live: LiveCalls, { calls, dropped, filter, isHeld }: Told): LiveCalls {
  const fitting = calls.filter((call) => matchesFilter(call, filter))
  const isBehind = live.isBehind || dropped > 0
  if (fitting.length === 0 && isBehind === live.isBehind) return live
  const place = isHeld ? 'waiting' : 'shown'
  const all = mergeCalls(fitting, live[place])
  return { ...live, [place]: all.slice(0, mostKept), isBehind: isBehind || all.length > mostKept }
}

/** The list is at its top and not paused again: what waited is shown. */
export function release(live: LiveCalls): LiveCalls {
  if (live.waiting.length === 0) return live
  const all = mergeCalls(live.waiting, live.shown)
  return { shown: all.slice(0, mostKept), waiting: [], isBehind: live.isBehind || all.length > mostKept }
}

/**
 * Both lists as one, newest first, every call once. A call told live has no id yet: the ledger's own row of it stays,
 * because the next page is asked for by id.
 */
export function mergeCalls(live: readonly CallRow[], kept: readonly CallRow[]): readonly CallRow[] {
  if (live.length === 0) return kept
  const byId = new Map<string, CallRow>()
  for (const call of [...live, ...kept]) {
    const known = byId.get(call.callId)
    if (known === undefined || known.id === 0) byId.set(call.callId, call)
  }
  return [...byId.values()].sort(newestFirst)
}

/** The ledger's own order; calls that have no id yet are newer than those of the same millisecond that have one. */
function newestFirst(first: CallRow, second: CallRow): number {
  const idOf = ({ id }: CallRow) => (id === 0 ? Number.MAX_SAFE_INTEGER : id)
  return second.startedAt - first.startedAt || idOf(second) - idOf(first)
}

/** What was told before the ledger was read anew is in its answer; what came during the reading stays. */
export function forget(live: LiveCalls, old: LiveCalls): LiveCalls {
  const known = new Set([...old.shown, ...old.waiting].map(({ callId }) => callId))
  const isNew = ({ callId }: CallRow) => !known.has(callId)
  return { ...live, shown: live.shown.filter(isNew), waiting: live.waiting.filter(isNew) }
}
