import { useState } from 'react'
import type { GuardTrialResult } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { markText } from './mark-text.ts'

const longest = 20_000

/** What the guards would do to a text. Nothing of it is kept. */
export function TryCard() {
  const [text, setText] = useState('')
  const [tried, setTried] = useState<string>()
  const attempt = useAct('guards.try', { saved: false, toastErrors: false, forgets: true })
  const result = attempt.data
  return (
    <Card title="Try a text">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(text)
          attempt.mutate({ text })
        }}
      >
        <TextArea
          label="Text"
          rows={4}
          maxLength={longest}
          value={text}
          onChange={setText}
          placeholder="Write to jane@example.com, the key is sk-…"
          help="The guards above look at it as if it were in a request. It is not kept, and not sent anywhere."
        />
        <div>
          <Button type="submit" disabled={text === ''} isBusy={attempt.isPending}>
            Try it
          </Button>
        </div>
      </form>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
      {result !== undefined && tried !== undefined && <Result text={tried} result={result} />}
    </Card>
  )
}

function Result({ text, result }: { text: string; result: GuardTrialResult }) {
  const { findings, redacted, blockedBy } = result
  if (findings.length === 0) return <Note title="Nothing was found." />
  return (
    <div className="mt-4 flex flex-col gap-3" aria-live="polite">
      {blockedBy.length > 0 && (
        <Note kind="bad" title={`Refused by ${blockedBy.join(', ')}.`} text="The client would get an error." />
      )}
      <div>
        <h3 className="mb-1 font-medium">Found</h3>
        <p className="rounded-control bg-sunken p-3 font-mono text-mono whitespace-pre-wrap wrap-anywhere">
          {markText(text, findings).map(({ start, text: piece, found }) =>
            found.length === 0 ? (
              piece
            ) : (
              <mark key={start} className="rounded-small bg-warn-soft text-inherit" title={titleOf(found)}>
                {piece}
              </mark>
            ),
          )}
        </p>
        <ul className="mt-2 flex flex-col text-muted">
          {[...new Set(findings.map(({ detector, guard }) => `${detector}, by ${guard}`))].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      {redacted !== text && blockedBy.length === 0 && (
        <div>
          <h3 className="mb-1 font-medium">Would go on as</h3>
          <p className="rounded-control bg-sunken p-3 font-mono text-mono whitespace-pre-wrap wrap-anywhere">
            {redacted}
          </p>
        </div>
      )}
    </div>
  )
}

function titleOf(found: GuardTrialResult['findings']): string {
  return found.map(({ detector, guard }) => `${detector}, by ${guard}`).join('; ')
}
