import { SquareTerminal, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { CallDetail } from '../../../gateway/contract.ts'
import { asFailure } from '../../client/client.ts'
import { useMethod } from '../../client/query.ts'
import { StatusDot } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Duration, Money } from '../../ui/values.tsx'
import { AttemptTimeline } from './attempt-timeline.tsx'
import { trafficPath, withParameter } from './call-filter.ts'
import { CallTokens } from './call-tokens.tsx'
import { isHit, outcomeText } from './call-words.ts'
import { outcomeTones } from './outcome-tones.ts'
import { CostTab } from './cost-tab.tsx'
import { curlOf, isForwarded } from './curl.ts'
import { HeadersTab } from './headers-tab.tsx'
import { RequestTab, ResponseTab } from './body-tab.tsx'
import { SummaryTab } from './summary-tab.tsx'

/** All that is known of one call. */
export function CallPane({ callId, onClose }: { callId: string; onClose: () => void }) {
  const detail = useMethod('traffic.get', { callId }, { staleMs: 60_000 })
  return (
    <section aria-label="Call" className="flex min-h-0 min-w-0 flex-col overflow-y-auto border-l border-line bg-canvas">
      {detail.error !== null ? (
        <Missing error={detail.error} onClose={onClose} onRetry={() => void detail.refetch()} />
      ) : detail.data === undefined ? (
        <SkeletonRows rows={10} />
      ) : (
        <div className={detail.isPlaceholderData ? 'dimmed' : ''}>
          <PaneHead detail={detail.data} onClose={onClose} />
          <div className="flex flex-col gap-4 p-5">
            <Figures detail={detail.data} />
            <AttemptTimeline call={detail.data.call} attempts={detail.data.attempts} />
            <PaneTabs detail={detail.data} />
          </div>
        </div>
      )}
    </section>
  )
}

interface MissingProps {
  error: unknown
  onClose: () => void
  onRetry: () => void
}

/** An old link, or a call that retention has removed. */
function Missing({ error, onClose, onRetry }: MissingProps) {
  const failure = asFailure(error)
  if (failure.code !== 'not_found') {
    return (
      <div className="p-5">
        <ErrorNote error={failure} action={<Button onClick={onRetry}>Try again</Button>} />
      </div>
    )
  }
  return (
    <EmptyState
      title="This call is not in the ledger"
      text="Its id is wrong, or it is older than calls are kept (Settings, retention)."
      action={<Button onClick={onClose}>Close</Button>}
    />
  )
}

function PaneHead({ detail, onClose }: { detail: CallDetail; onClose: () => void }) {
  const { call } = detail
  const [, go] = useLocation()
  const url = useMethod('status.get', {}).data?.url ?? undefined
  const isExample = curlOf(detail, '').isExample
  const hasCurl = !isForwarded(call.dialect)
  const isChat = hasCurl && call.dialect !== 'openai-embeddings'
  return (
    <header className="sticky top-0 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-canvas py-2 pr-3 pl-5">
      <div className="flex min-w-0 flex-1 basis-24 items-center gap-2">
        <StatusDot tone={outcomeTones[call.outcome]} label={outcomeText(call)} />
        <h2 className="truncate text-section font-semibold" title={call.requestedModel}>
          {call.requestedModel}
        </h2>
      </div>
      <div className="flex items-center gap-2">
        {url !== undefined && hasCurl && (
          <CopyButton
            hasText
            label={isExample ? 'Copy example curl' : 'Copy as curl'}
            text={() => curlOf(detail, url).text}
          />
        )}
        {isChat && (
          <Button
            size="small"
            icon={SquareTerminal}
            onClick={() => go(`/playground?call=${encodeURIComponent(call.callId)}`)}
          >
            Open in playground
          </Button>
        )}
        <IconButton icon={X} label="Close (Esc)" size="small" onClick={onClose} />
      </div>
    </header>
  )
}

function Figures({ detail: { call } }: { detail: CallDetail }) {
  const isCached = isHit(call)
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      <Figure title={isCached ? 'Saved by the cache' : 'Cost'}>
        <Money nanoUsd={isCached ? call.savedNanoUsd : call.costNanoUsd} />
      </Figure>
      <Figure title={call.estimated ? 'Tokens in / out, estimated' : 'Tokens in / out'}>
        <CallTokens call={call} />
      </Figure>
      <Figure title="Duration">
        <Duration ms={call.durationMs} />
      </Figure>
      <Figure title="First token">
        <Duration ms={call.firstTokenMs} />
      </Figure>
    </dl>
  )
}

function Figure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{title}</dt>
      <dd className="text-page font-semibold whitespace-nowrap">{children}</dd>
    </div>
  )
}

const tabIds = ['summary', 'request', 'response', 'cost', 'headers'] as const

/** Which tab is open stands in the address and stays while one walks through the list. */
function PaneTabs({ detail }: { detail: CallDetail }) {
  const search = new URLSearchParams(useSearch())
  const [, go] = useLocation()
  const chosen = tabIds.find((id) => id === search.get('tab')) ?? 'summary'
  const choose = (id: string) =>
    go(trafficPath(detail.call.callId, withParameter(search, 'tab', id)), { replace: true })
  return (
    <Tabs
      label="Parts of the call"
      value={chosen}
      onChange={choose}
      items={[
        { id: 'summary', title: 'Summary', content: <SummaryTab detail={detail} /> },
        { id: 'request', title: 'Request', content: <RequestTab detail={detail} /> },
        { id: 'response', title: 'Response', content: <ResponseTab detail={detail} /> },
        { id: 'cost', title: 'Cost', content: <CostTab detail={detail} /> },
        { id: 'headers', title: 'Headers', content: <HeadersTab detail={detail} /> },
      ]}
    />
  )
}
