import { useState, type ReactNode } from 'react'
import { parseDuration, writeDuration } from '../lib/duration.ts'
import type { FieldProps } from './field.tsx'
import { TextField } from './text-field.tsx'

interface ValueFieldProps extends Omit<FieldProps, 'children'> {
  /** undefined: empty, which must mean something (`placeholder` says what). */
  value: number | undefined
  /** When the field is left or Enter is pressed, with something that fits. */
  onCommit: (value: number | undefined) => void
  placeholder?: string
  /** It may not be empty. */
  isRequired?: boolean
  disabled?: boolean
  min?: number
  max?: number
}

export interface NumberFieldProps extends ValueFieldProps {
  suffix?: ReactNode
  /** Digits after the point are allowed. */
  isDecimal?: boolean
}

/** A number; what does not fit is said under the field and not told to the page. */
export function NumberField({ isDecimal = false, suffix, ...rest }: NumberFieldProps) {
  const parse = (text: string) => {
    const digits = text.replace(/[\s,_]/g, '')
    return (isDecimal ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(digits) ? Number(digits) : undefined
  }
  const expected = isDecimal ? 'Enter a number, like 2.5.' : 'Enter a whole number.'
  return <ParsedField {...rest} parse={parse} write={String} expected={expected} suffix={suffix} inputMode="decimal" />
}

/** A duration as a person writes it (`30s`, `1h30m`); the value, `min` and `max` are milliseconds. */
export function DurationField(props: ValueFieldProps) {
  return (
    <ParsedField
      {...props}
      parse={parseDuration}
      write={writeDuration}
      expected="Enter a duration, like 30s, 5m or 1h."
    />
  )
}

interface ParsedFieldProps extends ValueFieldProps {
  parse: (text: string) => number | undefined
  write: (value: number) => string
  expected: string
  suffix?: ReactNode
  inputMode?: 'decimal'
}

function ParsedField({
  value,
  onCommit,
  parse,
  write,
  expected,
  isRequired,
  min,
  max,
  error,
  ...rest
}: ParsedFieldProps) {
  const [problem, setProblem] = useState<string>()
  const commit = (text: string) => {
    const parsed = text.trim() === '' ? undefined : parse(text)
    if (parsed === undefined && (text.trim() !== '' || isRequired === true)) return setProblem(expected)
    if (parsed !== undefined && min !== undefined && parsed < min) return setProblem(`At least ${write(min)}.`)
    if (parsed !== undefined && max !== undefined && parsed > max) return setProblem(`At most ${write(max)}.`)
    setProblem(undefined)
    onCommit(parsed)
  }
  return (
    <TextField
      {...rest}
      error={problem ?? error}
      value={value === undefined ? '' : write(value)}
      onChange={() => setProblem(undefined)}
      onCommit={commit}
    />
  )
}
