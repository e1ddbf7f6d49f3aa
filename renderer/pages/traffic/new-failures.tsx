import { useState } from 'react'
import { useEvent } from '../../client/query.ts'
import { outcomeText } from './call-words.ts'

/** Reads out what fails while the page is open, and nothing else: calls that go well are no news. */
export function NewFailures() {
  const [text, setText] = useState('')
  useEvent('calls', ({ calls }) => {
    const failed = calls.filter(({ outcome }) => outcome === 'error' || outcome === 'broken')
    const last = failed.at(-1)
    if (last === undefined) return
    const others = failed.length > 1 ? `, and ${failed.length - 1} more` : ''
    setText(`${last.requestedModel}: ${outcomeText(last)}${others}`)
  })
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  )
}
