import { Pencil, Trash2 } from 'lucide-react'
import { Link } from 'wouter'
import type { GuardCounts, GuardRule } from '../../../gateway/contract.ts'
import { formatCount } from '../../lib/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { actionTitles, ruleWords } from './guard-words.ts'

const actionTones: Record<GuardRule['action'], Tone> = { log: 'neutral', flag: 'accent', redact: 'warn', block: 'bad' }

export interface GuardListProps {
  guards: readonly GuardRule[]
  counts: readonly GuardCounts[]
  /** Older calls are missing in the counts. */
  areCut: boolean
  isReadOnly: boolean
  onEdit: (name: string) => void
  onRemove: (name: string) => void
}

/** Every guard in a line of words, with how often it found something. */
export function GuardList({ guards, counts, areCut, isReadOnly, onEdit, onRemove }: GuardListProps) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {guards.map((guard) => {
        const found = counts.find((count) => count.guard === guard.name)
        return (
          <li key={guard.name} className="flex items-center gap-4 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-center gap-2">
                <span className="font-medium wrap-anywhere">{guard.name}</span>
                <Badge tone={actionTones[guard.action]}>{actionTitles[guard.action]}</Badge>
              </div>
              <div className="text-muted wrap-anywhere">
                {ruleWords(guard)}
                {guard.detectors === null ? '' : `; only ${guard.detectors.join(', ')}`}
              </div>
            </div>
            <Found counts={found} areCut={areCut} />
            <IconButton
              icon={Pencil}
              label={`Change ${guard.name}`}
              disabled={isReadOnly}
              onClick={() => onEdit(guard.name)}
            />
            <IconButton
              icon={Trash2}
              label={`Remove ${guard.name}`}
              disabled={isReadOnly}
              onClick={() => onRemove(guard.name)}
            />
          </li>
        )
      })}
    </ul>
  )
}

function Found({ counts, areCut }: { counts: GuardCounts | undefined; areCut: boolean }) {
  const { today = 0, week = 0 } = counts ?? {}
  const more = areCut ? ' or more' : ''
  return (
    <div className="w-32 shrink-0 text-right">
      <div>
        {formatCount(today)}
        {today === 0 ? '' : more} today
      </div>
      {week === 0 ? (
        <div className="text-muted">none in 7 days</div>
      ) : (
        <Link className="font-medium text-accent-ink hover:underline" href="/traffic?guarded=true">
          {formatCount(week)}
          {more} in 7 days
        </Link>
      )}
    </div>
  )
}
