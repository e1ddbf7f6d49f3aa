import { Link } from 'wouter'
import type { Status } from '../../gateway/contract.ts'
import { useMethod } from '../client/query.ts'
import { StatusDot, type Tone } from '../ui/badge.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { Money } from '../ui/values.tsx'

/** Is it working, where, and what did it cost today. */
export function StatusCard() {
  const { data: status, error } = useMethod('status.get', {})
  const state = describeState(status, error !== null)
  const url = status?.url
  const address = url?.replace(/^https?:\/\//, '')
  return (
    <div className="rounded-card border border-line bg-card px-2.5 py-2 text-small max-medium:border-0 max-medium:bg-transparent max-medium:px-0">
      <div className="flex items-center gap-2 max-medium:justify-center">
        <Tooltip text={state.detail} side="right">
          <Link href={state.tone === 'good' ? '/' : '/diagnostics'} className="flex items-center gap-2 rounded-small">
            <StatusDot tone={state.tone} label={state.word} />
            <span className="font-medium max-medium:sr-only">{state.word}</span>
          </Link>
        </Tooltip>
        {status !== undefined && (
          <span className="ml-auto text-muted max-medium:hidden">
            <Money nanoUsd={status.todayCostNanoUsd} /> today
          </span>
        )}
      </div>
      <div className="flex h-6 items-center justify-between max-medium:justify-center">
        {status === undefined && error === null && <Skeleton className="h-3 w-24" />}
        {address !== undefined && <span className="truncate font-mono max-medium:hidden">{address}</span>}
        {status !== undefined && address === undefined && (
          <span className="text-muted max-medium:sr-only">not listening</span>
        )}
        {typeof url === 'string' && (
          <CopyButton text={url} label="Copy the address" className="-mr-1 max-medium:mr-0" />
        )}
      </div>
    </div>
  )
}

interface State {
  tone: Tone
  word: string
  detail: string
}

function describeState(status: Status | undefined, failed: boolean): State {
  if (failed) return { tone: 'bad', word: 'No answer', detail: 'The gateway does not answer this window.' }
  if (status === undefined) return { tone: 'neutral', word: 'Starting', detail: 'Asking the gateway' }
  if (status.state === 'stopped')
    return { tone: 'neutral', word: 'Paused', detail: 'Calls are refused until it is resumed.' }
  if (status.state === 'degraded') return { tone: 'warn', word: 'Degraded', detail: status.reasons.join(' ') }
  return { tone: 'good', word: 'Running', detail: `Running, version ${status.version}` }
}
