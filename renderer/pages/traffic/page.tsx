import { Pause, Play, X } from 'lucide-react'
import { clsx } from 'clsx'
import { useRef, useState } from 'react'
import { useHotkey } from '../../lib/commands.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/layout.tsx'
import { hasFilter } from './call-filter.ts'
import { CallList, type CallListHandle } from './call-list.tsx'
import { CallPane } from './call-pane.tsx'
import { ExportButton } from './export-button.tsx'
import { FilterBar } from './filter-bar.tsx'
import { NewFailures } from './new-failures.tsx'
import { useCalls } from './use-calls.ts'
import { useTrafficAddress } from './use-traffic-address.ts'

/** Every call as it ends, and all that is known of one. */
export function Page() {
  const address = useTrafficAddress()
  const { filter, callId, open } = address
  const [isPaused, setPaused] = useState(false)
  const [isScrolled, setScrolled] = useState(false)
  const calls = useCalls(filter, isPaused || isScrolled)
  const list = useRef<CallListHandle>(null)
  const close = () => {
    open(undefined)
    list.current?.focus()
  }
  useHotkey('p', isPaused ? 'Resume the list' : 'Pause the list', () => setPaused(!isPaused))
  useHotkey('escape', 'Close the call', close, { isActive: callId !== undefined })
  return (
    <div className="flex h-full min-h-[420px] flex-col gap-3 px-6 pt-6">
      <PageHeader title="Traffic">
        {hasFilter(filter) && (
          <Button kind="quiet" icon={X} onClick={address.clearFilters}>
            Clear the filters
          </Button>
        )}
        <Button icon={isPaused ? Play : Pause} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <ExportButton filter={filter} />
      </PageHeader>
      <FilterBar address={address} onLeave={() => list.current?.focus()} />
      <NewFailures />
      <div
        className={clsx(
          '-mx-6 grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)] border-t border-line bg-card',
          callId === undefined ? 'grid-cols-1' : 'grid-cols-[minmax(300px,5fr)_minmax(0,8fr)]',
        )}
      >
        <CallList ref={list} {...{ calls, address, isPaused }} onScrolled={setScrolled} />
        {callId !== undefined && <CallPane callId={callId} onClose={close} />}
      </div>
    </div>
  )
}
