import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'

/** What a control needs so that label, help and error belong to it. */
export interface FieldParts {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps {
  label: string
  /** The label is read out, but not shown. */
  hidesLabel?: boolean | undefined
  help?: ReactNode
  /** What is wrong and what would be right. */
  error?: string | null | undefined
  className?: string | undefined
  children: (parts: FieldParts) => ReactNode
}

/** Label, control, help and error of one input, wired for screen readers. */
export function Field({ label, hidesLabel, help, error, className, children }: FieldProps) {
  const id = useId()
  const hasError = error !== undefined && error !== null && error !== ''
  const hasHelp = help !== undefined && help !== null && !hasError
  return (
    <div className={clsx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={hidesLabel === true ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasError || hasHelp ? `${id}-note` : undefined,
        'aria-invalid': hasError ? true : undefined,
      })}
      {hasHelp && (
        <p id={`${id}-note`} className="text-small text-muted">
          {help}
        </p>
      )}
      {hasError && (
        <p id={`${id}-note`} className="text-small text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

/** The look of everything one can type into. */
export const inputClass =
  'h-8 w-full min-w-0 rounded-control border border-line-strong/60 bg-card px-2 text-body text-ink disabled:opacity-50 aria-invalid:border-bad'
