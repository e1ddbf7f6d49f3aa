import { CircleCheck, X } from 'lucide-react'
import type { ProviderCheck } from '../../../gateway/contract.ts'
import type { CallFailure } from '../../client/client.ts'
import { formatDuration } from '../../lib/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { countOf } from './provider-words.ts'

export interface CheckResultProps {
  check: ProviderCheck | undefined
  /** The check itself could not be made. */
  error: CallFailure | null
  /** Where it does not go away with the form around it. */
  onDismiss?: () => void
}

/** What a test found: how fast it answers and with which models, or its own words and what to do. */
export function CheckResult({ check, error, onDismiss }: CheckResultProps) {
  const dismiss = onDismiss !== undefined && (
    <IconButton icon={X} size="small" label="Hide the result" onClick={onDismiss} />
  )
  if (error !== null) return <ErrorNote error={error} action={dismiss} />
  if (check === undefined) return null
  if (!check.ok)
    return <Note kind="bad" isAlert title={check.problem ?? 'It did not answer as it should.'} action={dismiss} />
  const found =
    check.models.length === 0 ? 'It lists no models.' : `${countOf(check.models.length, 'model', 'models')}:`
  return (
    <output className="flex items-start gap-3 rounded-card bg-good-soft px-4 py-3">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          It answers{check.latencyMs === null ? '' : ` in ${formatDuration(check.latencyMs)}`}. {found}
        </p>
        {check.models.length > 0 && (
          <p
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get into it
            tabIndex={0}
            aria-label="Models that were found"
            className="max-h-24 overflow-y-auto font-mono text-mono text-muted"
          >
            {check.models.join(', ')}
          </p>
        )}
      </div>
      {dismiss}
    </output>
  )
}
