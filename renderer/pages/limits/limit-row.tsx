import { X } from 'lucide-react'
import { useState } from 'react'
import type { Limit } from '../../../gateway/contract.ts'
import { IconButton } from '../../ui/button.tsx'
import { DurationField, NumberField } from '../../ui/number-field.tsx'
import { editLimit, usualWindowMs, type LimitEdit } from './limit-edit.ts'
import { limitSentence } from './limit-words.ts'

export const rowClass =
  'grid grid-cols-[minmax(0,1fr)_120px_120px_96px_24px] items-start gap-3 max-[720px]:grid-cols-[1fr_1fr_1fr_24px]'

export interface LimitRowProps {
  /** Whom it is for: `All callers together`. */
  title: string
  isMono?: boolean
  /** End of the sentence: `for all callers together`. */
  whom: string
  limit: Limit | null
  /** null: there is none any more. */
  onChange: (limit: Limit | null) => void
  onRemove?: () => void
}

/** One limit: in plain words, and the three numbers it is made of. Emptied, it is no limit. */
export function LimitRow({ title, isMono = false, whom, limit, onChange, onRemove }: LimitRowProps) {
  const [window, setWindow] = useState(usualWindowMs)
  const windowMs = limit?.windowMs ?? window
  const edit = (change: LimitEdit) => {
    if (change.windowMs !== undefined) setWindow(change.windowMs)
    const next = editLimit(limit, windowMs, change)
    if (limit !== null || next !== null) onChange(next)
  }
  return (
    <fieldset aria-label={title} className={rowClass}>
      <div className="min-w-0 pt-1.5 max-[720px]:col-span-4">
        <p className={isMono ? 'truncate font-mono text-mono' : 'font-medium'} title={isMono ? title : undefined}>
          {title}
        </p>
        <p className="text-small text-muted">
          {limit === null && onRemove !== undefined
            ? 'No limit yet: enter requests, tokens or both.'
            : limitSentence(limit, whom)}
        </p>
      </div>
      <NumberField
        label="Requests"
        hidesLabel
        placeholder="any number"
        value={limit?.requests}
        min={1}
        onCommit={(requests) => edit({ requests })}
      />
      <NumberField
        label="Tokens"
        hidesLabel
        placeholder="any number"
        value={limit?.tokens}
        min={1}
        onCommit={(tokens) => edit({ tokens })}
      />
      <DurationField
        label="Within"
        hidesLabel
        value={windowMs}
        min={1_000}
        max={31 * 86_400_000}
        isRequired
        onCommit={(value) => edit({ windowMs: value })}
      />
      {onRemove !== undefined && (
        <IconButton icon={X} label={`Remove the limit of ${title}`} size="small" className="mt-1" onClick={onRemove} />
      )}
    </fieldset>
  )
}

/** Names of the columns; each field has its own for those who hear it. */
export function LimitHeading({ title }: { title: string }) {
  return (
    <div aria-hidden className={`${rowClass} text-small font-medium text-muted`}>
      <span className="max-[720px]:col-span-4">{title}</span>
      <span>Requests</span>
      <span>Tokens</span>
      <span>Within</span>
      <span />
    </div>
  )
}
