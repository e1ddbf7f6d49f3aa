import { useState } from 'react'
import { TextField } from '../../ui/text-field.tsx'
import { parseSize, sizeProblem, writeSize } from './size.ts'

export interface SizeFieldProps {
  label: string
  help?: string
  /** Bytes. */
  value: number
  onCommit: (bytes: number) => void
}

/** A size as a person writes it: `512 MB`. */
export function SizeField({ label, help, value, onCommit }: SizeFieldProps) {
  const [problem, setProblem] = useState<string>()
  const commit = (text: string) => {
    const bytes = parseSize(text)
    const found = sizeProblem(bytes)
    setProblem(found)
    if (found === undefined && bytes !== undefined) onCommit(bytes)
  }
  return (
    <TextField
      {...{ label, help }}
      error={problem}
      value={writeSize(value)}
      onChange={() => setProblem(undefined)}
      onCommit={commit}
    />
  )
}
