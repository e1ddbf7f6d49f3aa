import { clsx } from 'clsx'
import { useEffect, useRef, useState } from 'react'
import type { Explanation } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Badge, StatusDot } from '../../ui/badge.tsx'
import { Card } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { explainSteps, reasonSentence, type ExplainStep } from './explain-steps.ts'
import type { Suggestion } from '../../lib/suggestions.ts'
import { TargetName } from './target-chain.tsx'
import { useSettled } from './use-settled.ts'

export interface ExplainCardProps {
  /** Of the address; '': nothing is asked yet. */
  model: string
  onAsk: (model: string) => void
  suggestions: readonly Suggestion[]
  className?: string
}

/** What would happen to a call for a name: who is asked, why, at what price. */
export function ExplainCard({ model, onAsk, suggestions, className }: ExplainCardProps) {
  const [typed, setTyped] = useState(model)
  const settled = useSettled(typed.trim())
  const answer = useMethod('models.explain', { model: settled }, { enabled: settled !== '' })
  const body = useRef<HTMLDivElement>(null)
  // In a narrow window it stands below the list that asked.
  useEffect(() => {
    if (model !== '') body.current?.scrollIntoView({ block: 'nearest' })
  }, [model])
  return (
    <Card title="What happens to a call?" {...(className === undefined ? {} : { className })}>
      <div ref={body} className="flex flex-col gap-4">
        <Combobox
          label="A call asks for"
          placeholder="A model, an alias or provider/model"
          value={typed}
          onChange={setTyped}
          onPick={onAsk}
          suggestions={suggestions}
        />
        {answer.error !== null && <ErrorNote error={answer.error} />}
        {settled !== '' && answer.data !== undefined && (
          <Answer explanation={answer.data} isOld={answer.isPlaceholderData || settled !== typed.trim()} />
        )}
        {settled === '' && (
          <p className="text-muted">
            Enter any name a tool might send. You see which provider would be asked, why, and what it costs. Nobody is
            asked and nothing is spent.
          </p>
        )}
      </div>
    </Card>
  )
}

function Answer({ explanation, isOld }: { explanation: Explanation; isOld: boolean }) {
  const steps = explainSteps(explanation)
  return (
    <div aria-live="polite" className={clsx('flex flex-col gap-3', isOld && 'dimmed')}>
      {explanation.problem !== null ? (
        <Note kind="bad" title="It would be refused." text={explanation.problem} />
      ) : (
        <p className="text-muted">{reasonSentence(explanation.reason)}</p>
      )}
      {steps.length > 0 && (
        <ol aria-label="Who is asked, in order">
          {steps.map((step, index) => (
            <Step key={step.key} step={step} isLast={index === steps.length - 1} />
          ))}
        </ol>
      )}
      {steps.length > 0 && <p className="text-small text-faint">Prices are per 1M tokens.</p>}
    </div>
  )
}

function Step({ step, isLast }: { step: ExplainStep; isLast: boolean }) {
  return (
    <li className="relative flex gap-3 pb-4 last:pb-0">
      {!isLast && <span aria-hidden className="absolute top-5 bottom-0 left-[3.5px] w-px bg-line-strong/60" />}
      <span className="flex h-5 items-center">
        <StatusDot tone={step.tone} label={step.problem === null ? 'Can be asked' : 'Cannot be asked now'} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex items-baseline justify-between gap-2">
          <TargetName provider={step.provider} model={step.model} />
          <Badge tone={step.tone === 'good' ? 'good' : 'neutral'}>{step.role}</Badge>
        </div>
        <p className="text-small text-muted">
          {step.price} · {step.dialect}
        </p>
        {step.problem !== null && <p className="text-small wrap-anywhere text-warn">{step.problem}</p>}
      </div>
    </li>
  )
}
