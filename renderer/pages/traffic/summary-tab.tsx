import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { AttemptDetail, CallDetail, CallRow } from '../../../gateway/contract.ts'
import { formatCount, formatExactTime } from '../../lib/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Note } from '../../ui/notes.tsx'
import { RelativeTime } from '../../ui/values.tsx'
import { GuardFindings } from './guard-findings.tsx'
import { errorWords } from './body-text.ts'
import { answeredBy, cacheTitles, isHit, outcomeText } from './call-words.ts'

/** In words: what was asked, who answered, what was done to it on the way. */
export function SummaryTab({ detail }: { detail: CallDetail }) {
  const { call, translated, warnings } = detail
  return (
    <div className="flex flex-col gap-4">
      <Failure detail={detail} />
      <dl className="flex flex-col">
        {call.outcome === 'ok' && <Fact title="Outcome">{outcomeText(call)}</Fact>}
        <Fact title="Asked for">
          <code>{call.requestedModel}</code> by {call.key}
          {call.stream ? ', as a stream' : ''}
          {call.feature === null ? '' : `, for ${call.feature}`}
        </Fact>
        <Fact title="Answered by">{answeredText(call)}</Fact>
        <Fact title="Format">
          {translated === null ? (
            <>
              <code>{call.dialect}</code>, {call.attempts > 0 ? 'handed through as it came' : 'not sent on'}
            </>
          ) : (
            <>
              Translated from <code>{translated.from}</code> to <code>{translated.to}</code>
            </>
          )}
        </Fact>
        <Fact title="Warnings">
          <Warnings warnings={warnings} />
        </Fact>
        <Fact title="Cache">
          <Badge tone={cacheTones[call.cache]}>{cacheTitles[call.cache]}</Badge>
          <div className="mt-1 text-muted">{detail.cacheReason}</div>
          <SimilarSource call={call} />
        </Fact>
        {call.guards.length > 0 && (
          <Fact title="Guards">
            <GuardFindings findings={call.guards} />
          </Fact>
        )}
        <Fact title="Tokens">
          <TokenFacts call={call} decisive={decisiveOf(detail.attempts)} />
        </Fact>
        <Fact title="Time">
          <RelativeTime time={call.startedAt} />
          <div className="text-muted">{formatExactTime(call.startedAt)}</div>
        </Fact>
        <Fact title="Call id">
          <span className="flex items-center gap-1">
            <code className="wrap-anywhere">{call.callId}</code>
            <CopyButton text={call.callId} label="Copy the call id" />
          </span>
        </Fact>
      </dl>
    </div>
  )
}

/** How alike the two questions are, and the call that was answered. */
function SimilarSource({ call: { similarity, sourceCallId } }: { call: CallRow }) {
  if (similarity === null || sourceCallId === null) return null
  return (
    <div className="mt-1">
      Similarity {similarity.toFixed(3)},{' '}
      <Link
        className="font-medium text-accent-ink hover:underline"
        href={`/traffic/${encodeURIComponent(sourceCallId)}`}
      >
        the answer of an earlier call
      </Link>
    </div>
  )
}

const cacheTones: Record<CallRow['cache'], Tone> = { HIT: 'good', SEMANTIC: 'good', MISS: 'neutral', BYPASS: 'neutral' }

function decisiveOf(attempts: readonly AttemptDetail[]): AttemptDetail | undefined {
  return attempts.find(({ final }) => final) ?? attempts.at(-1)
}

function answeredText(call: CallRow): string {
  if (isHit(call)) return `The cache${call.model === null ? '' : `, with an answer of ${answeredBy(call)}`}`
  const who = answeredBy(call)
  if (who === undefined) return 'Nobody: no provider was asked'
  const tries = call.attempts > 1 ? `, after ${call.attempts} attempts` : ''
  const alias = call.alias === null ? '' : `, through the alias ${call.alias}`
  return (call.outcome === 'ok' ? who : `Nobody; ${who} was asked last`) + tries + alias
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[108px_minmax(0,1fr)] gap-x-4 border-b border-line py-2 first:pt-0 last:border-b-0">
      <dt className="text-muted">{title}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}

function Warnings({ warnings }: { warnings: readonly string[] | null }) {
  if (warnings === null) return <span className="text-muted">Not kept any more</span>
  if (warnings.length === 0) return <span className="text-muted">None: everything could be carried over</span>
  return (
    <ul className="flex flex-col gap-1">
      {warnings.map((warning) => (
        <li key={warning} className="text-warn">
          {warning}
        </li>
      ))}
    </ul>
  )
}

function TokenFacts({ call, decisive }: { call: CallRow; decisive: AttemptDetail | undefined }) {
  const parts: [label: string, count: number | null | undefined][] = [
    ['in', call.inputTokens],
    ['of these from the provider’s cache', call.cacheReadTokens],
    ['written to the provider’s cache', decisive?.cacheWriteTokens],
    ['out', call.outputTokens],
    ['of these for reasoning', decisive?.reasoningTokens],
  ]
  const told = parts.flatMap(([label, count]) => (typeof count === 'number' ? [`${formatCount(count)} ${label}`] : []))
  if (told.length === 0) {
    return (
      <span className="text-muted">
        {call.attempts === 0 ? 'None: no provider was asked' : 'Not told by the provider'}
      </span>
    )
  }
  return (
    <>
      {told.join(', ')}
      {call.estimated && <span className="text-muted"> (estimated: the provider did not say)</span>}
    </>
  )
}

/** Why it failed, in the provider's own words where they were kept. */
function Failure({ detail }: { detail: CallDetail }) {
  const { call, response, capture } = detail
  if (call.outcome === 'ok') return null
  const words = response === null ? undefined : errorWords(response)
  const hint =
    capture === 'off'
      ? 'The answer itself was not kept. Turn on capture of failed calls in Settings to see the words next time.'
      : undefined
  return (
    <Note
      kind={
        call.outcome === 'error' || call.outcome === 'broken' ? 'bad' : call.outcome === 'refused' ? 'warn' : 'info'
      }
      title={outcomeText(call)}
      text={words === undefined ? hint : `“${words}”`}
    />
  )
}
