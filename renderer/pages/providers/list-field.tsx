import { useId, type ReactNode } from 'react'

export interface ListFieldProps {
  label: string
  help: ReactNode
  error?: string | undefined
  children: ReactNode
}

/** A field of several rows, with one line of help. */
export function ListField({ label, help, error, children }: ListFieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <fieldset aria-labelledby={id} aria-describedby={noteId} className="flex min-w-0 flex-col gap-2">
      <div>
        <p id={id} className="font-medium">
          {label}
        </p>
        <p id={noteId} className="text-small text-muted">
          {help}
        </p>
      </div>
      {children}
      {error !== undefined && (
        <p role="alert" className="text-small text-bad">
          {error}
        </p>
      )}
    </fieldset>
  )
}
