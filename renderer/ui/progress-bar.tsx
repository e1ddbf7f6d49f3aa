import { clsx } from 'clsx'
import type { Tone } from './badge.tsx'

export interface ProgressBarProps {
  /** Read out: `Spent of the budget`. */
  label: string
  /** 0 to 1; more is drawn full. */
  share: number
  tone?: Exclude<Tone, 'neutral'>
  /** A second, paler reach behind it, 0 to 1: a forecast. */
  expected?: number | undefined
  /** In words what the bar shows; the percentage when absent. */
  valueText?: string
}

const fills = { good: 'bg-good', warn: 'bg-warn', bad: 'bg-bad', accent: 'bg-accent' } as const

/** How much of a whole. */
export function ProgressBar({ label, share, tone = 'accent', expected, valueText }: ProgressBarProps) {
  const width = (part: number) => `${Math.min(1, Math.max(0, part)) * 100}%`
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <progress> cannot show a forecast behind it
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, Math.max(0, share)) * 100)}
      aria-valuetext={valueText}
      className="relative h-1.5 w-full overflow-hidden rounded-full bg-hover"
    >
      {expected !== undefined && (
        <div className={clsx('absolute inset-y-0 left-0 opacity-35', fills[tone])} style={{ width: width(expected) }} />
      )}
      <div className={clsx('absolute inset-y-0 left-0 rounded-full', fills[tone])} style={{ width: width(share) }} />
    </div>
  )
}
