import { ArrowRight } from 'lucide-react'
import { clsx } from 'clsx'
import type { ConfigChange } from '../../../gateway/contract.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { isShort, kindOf, type ChangeKind } from './change-words.ts'

const tones: Record<ChangeKind, Tone> = { added: 'good', changed: 'accent', removed: 'bad' }

/** Where, from what, to what. */
export function ChangeList({ changes }: { changes: readonly ConfigChange[] }) {
  return (
    <ul className="mt-2">
      {changes.map((change) => (
        <li key={change.path} className="flex flex-wrap items-start gap-x-4 gap-y-1 border-t border-line px-4 py-2">
          <span className="w-18 shrink-0">
            <Badge tone={tones[kindOf(change)]}>{kindOf(change)}</Badge>
          </span>
          <code className="w-64 shrink-0 wrap-anywhere">{change.path}</code>
          <Values change={change} />
        </li>
      ))}
    </ul>
  )
}

function Values({ change }: { change: ConfigChange }) {
  const { before, after } = change
  return (
    <div
      className={clsx(
        'flex min-w-48 flex-1 gap-2',
        isShort(change) ? 'flex-row flex-wrap items-center' : 'flex-col items-stretch',
      )}
    >
      {before !== null && <Value text={before} isOld label="Before" />}
      {before !== null && after !== null && (
        <ArrowRight aria-hidden className={clsx('size-3.5 shrink-0 text-faint', !isShort(change) && 'rotate-90')} />
      )}
      {after !== null && <Value text={after} isOld={false} label="After" />}
    </div>
  )
}

/** An old value is struck through only where it is read at a glance. */
function Value({ text, isOld, label }: { text: string; isOld: boolean; label: string }) {
  return (
    <pre
      className={clsx(
        'wrap-anywhere whitespace-pre-wrap',
        isOld ? 'text-muted' : 'text-ink',
        isOld && !text.includes('\n') && 'line-through',
      )}
    >
      <span className="sr-only">{label}: </span>
      {text === '' ? '(empty)' : text}
    </pre>
  )
}
