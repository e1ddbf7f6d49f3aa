import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import { useState, type ComponentProps, type ReactNode } from 'react'
import { Field, inputClass, type FieldProps } from './field.tsx'

export interface TextFieldProps
  extends Omit<FieldProps, 'children'>, Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'className' | 'children'> {
  value: string
  /** With every keystroke. */
  onChange?: ((value: string) => void) | undefined
  /** When it is left or Enter is pressed, and it has changed; Escape takes the typing back. For fields that save by themselves. */
  onCommit?: ((value: string) => void) | undefined
  /** Ids, URLs, model names. */
  isMono?: boolean | undefined
  icon?: LucideIcon | undefined
  /** A unit or a small button at its end. */
  suffix?: ReactNode
}

/** One line of text. `onChange` for forms with a button, `onCommit` for what saves by itself. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    hidesLabel,
    help,
    error,
    className,
    value,
    onChange,
    onCommit,
    isMono,
    icon: Icon,
    suffix,
    ...rest
  } = props
  const draft = useDraft(value, onCommit)
  return (
    <Field {...{ label, hidesLabel, help, error, className }}>
      {(parts) => (
        <div className="relative flex items-center">
          {Icon !== undefined && (
            <Icon aria-hidden strokeWidth={1.75} className="pointer-events-none absolute left-2 size-4 text-faint" />
          )}
          <input
            type="text"
            spellCheck={false}
            autoComplete="off"
            {...rest}
            {...parts}
            value={draft.text}
            onChange={(event) => {
              draft.type(event.target.value)
              onChange?.(event.target.value)
            }}
            onBlur={(event) => {
              draft.commit()
              rest.onBlur?.(event)
            }}
            onKeyDown={(event) => {
              draft.pressed(event)
              rest.onKeyDown?.(event)
            }}
            className={clsx(inputClass, isMono === true && 'font-mono text-mono', Icon !== undefined && 'pl-8!')}
          />
          {suffix !== undefined && <span className="absolute right-2 text-muted">{suffix}</span>}
        </div>
      )}
    </Field>
  )
}

/** What is being typed, where it is told only when it is finished. */
export function useDraft(value: string, onCommit: ((value: string) => void) | undefined) {
  const [typed, setTyped] = useState<string>()
  const commit = () => {
    if (onCommit === undefined || typed === undefined) return
    setTyped(undefined)
    if (typed !== value) onCommit(typed)
  }
  return {
    text: onCommit === undefined ? value : (typed ?? value),
    type: (text: string) => setTyped(text),
    commit,
    pressed(event: { key: string; preventDefault(): void; stopPropagation(): void }) {
      if (onCommit === undefined || typed === undefined) return
      if (event.key === 'Enter') commit()
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setTyped(undefined)
    },
  }
}
