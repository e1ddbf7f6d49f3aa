import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { Code } from './code.tsx'

export interface EmptyStateProps {
  title: string
  /** What will be here, and how it comes about. */
  text?: ReactNode
  /** Ready to copy and run. */
  command?: string
  /** A button that does the next step. */
  action?: ReactNode
}

/** Nothing here yet: teaches the next step. */
export function EmptyState({ title, text, command, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-[480px] flex-col items-center gap-3 px-6 py-10 text-center">
      <p className="text-section font-semibold">{title}</p>
      {text !== undefined && <p className="text-muted">{text}</p>}
      {command !== undefined && (
        <div className="w-full text-left">
          <Code text={command} label="Copy the command" wraps />
        </div>
      )}
      {action}
    </div>
  )
}

export interface ErrorNoteProps {
  /** What happened, and why: the provider's own words where there are any. */
  error: { message: string; hint?: string | null | undefined }
  /** A button that does something about it. */
  action?: ReactNode
}

/** Something failed: what, why, what to do. Takes a CallFailure as it is. */
export function ErrorNote({ error, action }: ErrorNoteProps) {
  return <Note kind="bad" title={error.message} text={error.hint ?? undefined} action={action} isAlert />
}

export interface NoteProps {
  kind?: 'info' | 'warn' | 'bad'
  title: ReactNode
  text?: ReactNode
  action?: ReactNode
  /** Read out at once. Only for what has just gone wrong. */
  isAlert?: boolean
}

const noteKinds = {
  info: { icon: Info, box: 'bg-sunken', sign: 'text-muted' },
  warn: { icon: TriangleAlert, box: 'bg-warn-soft', sign: 'text-warn' },
  bad: { icon: CircleAlert, box: 'bg-bad-soft', sign: 'text-bad' },
} as const

/** A sentence that should not be missed, at its place on the page. */
export function Note({ kind = 'info', title, text, action, isAlert = false }: NoteProps) {
  const { icon: Icon, box, sign } = noteKinds[kind]
  return (
    <div role={isAlert ? 'alert' : undefined} className={clsx('flex items-start gap-3 rounded-card px-4 py-3', box)}>
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', sign)} strokeWidth={1.75} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <div className="font-medium">{title}</div>
        {text !== undefined && <div className="text-muted">{text}</div>}
      </div>
      {action}
    </div>
  )
}
