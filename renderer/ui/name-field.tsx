import { useId } from 'react'
import { TextField } from './text-field.tsx'

export interface NameFieldProps {
  /** Read out; the placeholder is what is seen. */
  label: string
  placeholder: string | undefined
  className: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
  /** Offered while typing; others may be typed, too. */
  known: readonly string[]
}

/** A name to add to a list, with those that are known already to choose from. */
export function NameField({ known, placeholder, ...rest }: NameFieldProps) {
  const listId = useId()
  return (
    <>
      <TextField {...rest} {...(placeholder === undefined ? {} : { placeholder })} hidesLabel isMono list={listId} />
      <datalist id={listId}>
        {known.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </datalist>
    </>
  )
}
