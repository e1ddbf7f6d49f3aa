import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { clsx } from 'clsx'
import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from 'react'
import { useHotkey } from '../../lib/commands.tsx'
import { formatCount } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { hasFilter } from './call-filter.ts'
import { CallHeading, CallLine } from './call-line.tsx'
import { durationScale } from './duration-bar.ts'
import { NoCalls, NothingFits } from './no-calls.tsx'
import type { Calls } from './use-calls.ts'
import type { TrafficAddress } from './use-traffic-address.ts'

export interface CallListHandle {
  /** Moves the keyboard to the active row. */
  focus(): void
}

export interface CallListProps {
  ref: Ref<CallListHandle>
  calls: Calls
  address: TrafficAddress
  isPaused: boolean
  /** Whether the newest row is out of sight: then nothing may move. */
  onScrolled: (isScrolled: boolean) => void
}

const rowHeight = 32
/** Older calls are asked for when so few rows are left below. */
const readAhead = 40

/** The list: newest on top, as many rows drawn as are seen, one of them in the tab order. */
export function CallList({ ref, calls, address, isPaused, onScrolled }: CallListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = calls.calls
  const scaleMs = useMemo(() => durationScale(rows.slice(0, 500)), [rows])
  const now = useNow(600_000)
  const focus = useRovingFocus(scroller, calls, address)
  // oxlint-disable-next-line react/incompatible-library -- only for the React compiler, which is not used here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (index) => rows[index]?.callId ?? index,
    rangeExtractor: (range) => withRow(range, focus.index),
  })
  useImperativeHandle(ref, () => ({ focus: () => focus.move(0) }))
  const showActive = useEffectEvent(() => virtual.scrollToIndex(focus.index))
  useLayoutEffect(() => {
    if (focus.moves > 0) showActive()
  }, [focus.moves])
  const drawn = virtual.getVirtualItems()
  const filter = JSON.stringify(address.filter)
  useLayoutEffect(() => {
    // In braces: newer Chromium returns a promise here, which React would take for a clean-up.
    scroller.current?.scrollTo({ top: 0 })
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another list begins at its top
  }, [filter])
  const isNearEnd = (virtual.range?.endIndex ?? 0) >= rows.length - readAhead
  const asksForMore = isNearEnd && calls.hasOlder && !calls.isLoadingOlder && calls.error === null
  const loadOlder = useEffectEvent(calls.loadOlder)
  useEffect(() => {
    if (asksForMore) loadOlder()
  }, [asksForMore])

  const toTop = () => {
    calls.showWaiting()
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <div className="@container relative flex min-h-0 min-w-0 flex-col">
      <ListState {...{ calls, address }} />
      <WaitingButton waiting={calls.waiting} isPaused={isPaused} onPress={toTop} />
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its rows have the focus, one at a time */}
      <div
        ref={scroller}
        role="grid"
        aria-label="Calls, newest first"
        aria-rowcount={calls.hasOlder ? -1 : rows.length + 1}
        aria-busy={calls.isOld}
        onScroll={(event) => onScrolled(event.currentTarget.scrollTop > rowHeight / 2)}
        onKeyDown={focus.onKeyDown}
        onClick={focus.onClick}
        className={clsx('min-h-0 flex-1 overflow-y-auto', calls.isOld && 'dimmed', rows.length === 0 && 'hidden')}
      >
        <CallHeading scaleMs={scaleMs} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ index, key, start }) => {
            const call = rows[index]
            if (call === undefined) return null
            const isOpen = call.callId === address.callId
            return (
              <CallLine key={key} {...{ call, index, start, scaleMs, now, isOpen }} isActive={index === focus.index} />
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** The row with the focus stays drawn, wherever it is: else the keyboard would fall back to the page. */
function withRow(range: Range, index: number): number[] {
  const drawn = defaultRangeExtractor(range)
  if (index >= range.count || drawn.includes(index)) return drawn
  return [...drawn, index].sort((first, second) => first - second)
}

/** Which row is active, and the keys that move on from it. It is known by its call: new rows on top do not change it. */
function useRovingFocus(scroller: { current: HTMLElement | null }, { calls }: Calls, address: TrafficAddress) {
  const [activeId, setActiveId] = useState(address.callId)
  const [moves, setMoves] = useState(0)
  const found = calls.findIndex(({ callId }) => callId === activeId)
  const index = Math.max(0, found)
  const go = (to: number, opens: boolean) => {
    const call = calls[Math.min(calls.length - 1, Math.max(0, to))]
    if (call === undefined) return
    setActiveId(call.callId)
    setMoves((moves) => moves + 1)
    if (opens) address.open(call.callId, { replace: address.callId !== undefined })
  }
  // With a call open, the detail follows the keys.
  const move = (step: number) => go(found === -1 ? 0 : index + step, step !== 0 && address.callId !== undefined)
  useHotkey('j', 'Next call', () => move(1))
  useHotkey('k', 'Previous call', () => move(-1))
  useLayoutEffect(() => {
    if (moves > 0) scroller.current?.querySelector<HTMLElement>('[data-active]')?.focus({ preventScroll: true })
  }, [moves, scroller])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      go(index, true)
      return event.preventDefault()
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -calls.length,
      End: calls.length,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(step)
  }
  const onClick = ({ target }: MouseEvent) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
    if (row !== null) go(Number(row.dataset['index']), true)
  }
  return { index, moves, move, onKeyDown, onClick }
}

function ListState({ calls, address }: { calls: Calls; address: TrafficAddress }) {
  if (calls.error !== null) {
    return (
      <div className="p-4">
        <ErrorNote error={calls.error} action={<Button onClick={calls.reload}>Try again</Button>} />
      </div>
    )
  }
  if (calls.isPending) return <SkeletonRows rows={12} />
  if (calls.calls.length > 0) return null
  return hasFilter(address.filter) ? <NothingFits onClear={address.clearFilters} /> : <NoCalls />
}

interface WaitingButtonProps {
  waiting: Calls['waiting']
  isPaused: boolean
  onPress: () => void
}

/** What came while the list stood still. It says so even when paused at the top. */
function WaitingButton({ waiting: { count, isMore }, isPaused, onPress }: WaitingButtonProps) {
  if (count === 0 && !isMore) {
    return isPaused ? <p className="border-b border-line bg-sunken px-6 py-1 text-small text-muted">Paused</p> : null
  }
  const calls = `${formatCount(count)}${isMore ? ' or more' : ''} new ${count === 1 && !isMore ? 'call' : 'calls'}`
  return (
    <Button
      kind="primary"
      size="small"
      icon={ArrowUp}
      onClick={onPress}
      className="appear absolute! top-10 left-1/2 z-20 -translate-x-1/2 rounded-full! shadow-popover"
    >
      {count === 0 ? 'Show the newest calls' : calls}
    </Button>
  )
}
