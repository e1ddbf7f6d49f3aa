import { clsx } from 'clsx'
import { useLayoutEffect, useRef } from 'react'
import { EmptyState } from '../../ui/notes.tsx'
import { AnswerView } from './answer-view.tsx'
import { runningIds, sides, type Conversation, type Turn } from './conversation.ts'
import type { PlaygroundStore } from './playground-store.ts'

/** So near its end the list follows what is written. Pixels. */
const nearEnd = 48

/** What was said so far. It follows the answer unless somebody has scrolled back to read. */
export function TurnList({ conversation, store }: { conversation: Conversation; store: PlaygroundStore }) {
  const scroller = useRef<HTMLElement>(null)
  const follows = useRef(true)
  const { turns } = conversation
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- with every piece of an answer
  }, [turns])
  const isRunning = runningIds(conversation).length > 0
  return (
    <section
      ref={scroller}
      aria-label="Conversation"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get into it
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < nearEnd
      }}
      className="min-h-0 flex-1 overflow-y-auto -outline-offset-2!"
    >
      {turns.length === 0 && (
        <EmptyState
          title="Nothing asked yet"
          text="What you send goes the way of every other call: aliases, fallback, cache and limits count, and it is in Traffic with its cost."
        />
      )}
      <ol className="flex flex-col gap-5">
        {turns.map((turn, index) => (
          <li key={index}>
            <TurnView
              turn={turn}
              isComparing={conversation.isComparing}
              onAgain={index === turns.length - 1 && !isRunning ? store.sendAgain : undefined}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}

interface TurnViewProps {
  turn: Turn
  isComparing: boolean
  onAgain: ((side: (typeof sides)[number]) => void) | undefined
}

/** Beside each other while two are compared; an answer of the other side is not hidden when comparing is over. */
function TurnView({ turn, isComparing, onAgain }: TurnViewProps) {
  const shown = sides.filter((side) => turn.answers[side] !== undefined)
  const hasColumns = isComparing || shown.length > 1
  return (
    <div className="flex flex-col gap-3">
      <p className="self-start rounded-card bg-hover px-3 py-2 wrap-anywhere whitespace-pre-wrap">
        <span className="sr-only">You: </span>
        {turn.question}
      </p>
      <div className={clsx('grid gap-4', hasColumns && 'grid-cols-2')}>
        {shown.map((side) => {
          const answer = turn.answers[side]
          if (answer === undefined) return null
          return (
            <div key={side} className={clsx('min-w-0', hasColumns && side === 'right' && 'col-start-2')}>
              <AnswerView answer={answer} onAgain={onAgain === undefined ? undefined : () => onAgain(side)} />
            </div>
          )
        })}
      </div>
    </div>
  )
}
