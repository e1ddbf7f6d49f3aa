import { clsx } from 'clsx'
import type { ComponentProps } from 'react'
import { Field, inputClass, type FieldProps } from './field.tsx'

export interface TextAreaProps
  extends
    Omit<FieldProps, 'children'>,
    Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'className' | 'children'> {
  value: string
  onChange: (value: string) => void
  isMono?: boolean
}

/** Several lines of text. */
export function TextArea({
  label,
  hidesLabel,
  help,
  error,
  className,
  value,
  onChange,
  isMono,
  ...rest
}: TextAreaProps) {
  return (
    <Field {...{ label, hidesLabel, help, error, className }}>
      {(parts) => (
        <textarea
          rows={4}
          spellCheck={false}
          {...rest}
          {...parts}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={clsx(inputClass, 'h-auto! py-1.5', isMono === true && 'font-mono text-mono')}
        />
      )}
    </Field>
  )
}
