import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** The three colours of state, and none. */
export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'neutral'

const badgeTones: Record<Tone, string> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent-ink',
  neutral: 'bg-hover text-muted',
}

/** A word or two about the thing beside it. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-small px-1.5 text-small whitespace-nowrap',
        badgeTones[tone],
      )}
    >
      {children}
    </span>
  )
}

const dotTones: Record<Tone, string> = {
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  accent: 'bg-accent',
  neutral: 'bg-faint',
}

/** State at a glance. Colour is never alone: `label` is read out and shown on hover. Warnings are square, failures have a hole. */
export function StatusDot({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span title={label} className="inline-flex shrink-0">
      <span
        aria-hidden
        className={clsx(
          'size-2',
          tone === 'warn' ? 'rotate-45 rounded-[1px]' : 'rounded-full',
          tone === 'bad' ? 'border-2 border-bad' : dotTones[tone],
        )}
      />
      <span className="sr-only">{label}</span>
    </span>
  )
}
