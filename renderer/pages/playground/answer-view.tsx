import { clsx } from 'clsx'
import { RotateCcw } from 'lucide-react'
import { Link } from 'wouter'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Duration, Money, Tokens } from '../../ui/values.tsx'
import type { Answer, AnswerEnd } from './conversation.ts'

export interface AnswerViewProps {
  answer: Answer
  /** undefined: it cannot be asked again now. */
  onAgain: (() => void) | undefined
}

/** An answer as it comes, then what it took. */
export function AnswerView({ answer, onAgain }: AnswerViewProps) {
  const { state, text, reasoning, error, end } = answer
  return (
    <article
      aria-label={`Answer of ${answer.model}`}
      aria-busy={state === 'running'}
      className="flex flex-col gap-2 rounded-card border border-line bg-card px-4 py-3"
    >
      {reasoning !== '' && <Reasoning text={reasoning} isOver={text !== '' || state !== 'running'} />}
      {text !== '' && <p className="max-w-[84ch] wrap-anywhere whitespace-pre-wrap">{text}</p>}
      {state === 'running' && text === '' && reasoning === '' && <Waiting model={answer.model} />}
      {state === 'done' && text === '' && <p className="text-muted">The answer has no text.</p>}
      {error !== null && <ErrorNote error={error} />}
      <div
        className={clsx(
          state !== 'running' && 'border-t border-line pt-2',
          'flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted',
        )}
      >
        {state === 'stopped' && <Badge>Stopped</Badge>}
        {end === null ? state !== 'running' && <span>{answer.model}</span> : <Facts end={end} model={answer.model} />}
        {state !== 'running' && (
          <span className="ml-auto flex items-center gap-1">
            {text !== '' && <CopyButton text={text} label="Copy the answer" />}
            {onAgain !== undefined && (
              <Button kind="quiet" size="small" icon={RotateCcw} onClick={onAgain}>
                Try again
              </Button>
            )}
          </span>
        )}
      </div>
    </article>
  )
}

function Waiting({ model }: { model: string }) {
  return <p className="appear-late text-muted">Waiting for {model}</p>
}

function Reasoning({ text, isOver }: { text: string; isOver: boolean }) {
  return (
    <details open={!isOver} className="text-muted">
      <summary className="select-none">Reasoning</summary>
      <p className="mt-1 border-l-2 border-line pl-3 wrap-anywhere whitespace-pre-wrap">{text}</p>
    </details>
  )
}

const cacheWords: Record<string, string> = {
  HIT: 'from the cache',
  MISS: 'not in the cache',
  BYPASS: 'cache not asked',
}

/** The account of one answer; the same numbers as in Traffic. */
function Facts({ end, model }: { end: AnswerEnd; model: string }) {
  const isAnswered = end.error === null
  // Of a failure or a hit only what there is; of an answer also that the provider did not say it.
  const saysAll = isAnswered && end.cache !== 'HIT' && end.cache !== 'SEMANTIC'
  const isTold = (...values: (number | null)[]) => saysAll || values.some((value) => value !== null)
  const who = [end.provider, end.model].filter((name) => name !== null).join(' ')
  return (
    <>
      <span className="font-medium text-ink">{who === '' ? model : who}</span>
      {isTold(end.inputTokens, end.outputTokens) && (
        <Fact title="tokens">
          <Tokens count={end.inputTokens} /> / <Tokens count={end.outputTokens} />
        </Fact>
      )}
      {isTold(end.costNanoUsd) && (
        <Fact title="cost">
          <Money nanoUsd={end.costNanoUsd} />
        </Fact>
      )}
      {isTold(end.firstTokenMs) && (
        <Fact title="first token">
          <Duration ms={end.firstTokenMs} />
        </Fact>
      )}
      <Fact title="in all">
        <Duration ms={end.durationMs} />
      </Fact>
      {isAnswered && end.cache !== null && <span>{cacheWords[end.cache] ?? end.cache}</span>}
      {end.callId !== null && (
        <Link
          href={`/traffic/${encodeURIComponent(end.callId)}`}
          className="font-medium text-accent-ink hover:underline"
        >
          Open in Traffic
        </Link>
      )}
    </>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <span className="whitespace-nowrap">
      <span className="text-ink">{children}</span> {title}
    </span>
  )
}
