import { useState } from 'react'
import { Link } from 'wouter'
import type { CallDetail } from '../../../gateway/contract.ts'
import { Code } from '../../ui/code.tsx'
import { Note } from '../../ui/notes.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { readBody, type BodyText } from './body-text.ts'

export function RequestTab({ detail }: { detail: CallDetail }) {
  return <Body body={detail.request} what="request" detail={detail} />
}

export function ResponseTab({ detail }: { detail: CallDetail }) {
  return <Body body={detail.response} what="response" detail={detail} />
}

interface BodyProps {
  body: string | null
  what: 'request' | 'response'
  detail: CallDetail
}

const readableTitles: Record<BodyText['kind'], string> = { json: 'Laid out', stream: 'Text', text: 'Text' }

function Body({ body, what, detail }: BodyProps) {
  const [view, setView] = useState<'readable' | 'raw'>('readable')
  if (body === null) return <NotKept what={what} detail={detail} />
  if (body === '') return <p className="text-muted">The {what} had no body.</p>
  const { kind, readable } = readBody(body)
  const hasChoice = kind !== 'text' && readable !== ''
  const text = hasChoice && view === 'readable' ? readable : body
  return (
    <div className="flex flex-col items-start gap-3">
      {hasChoice && (
        <Segmented
          label="How it is shown"
          value={view}
          onChange={setView}
          options={[
            { value: 'readable', label: readableTitles[kind] },
            { value: 'raw', label: 'As sent' },
          ]}
        />
      )}
      {detail.truncated && <Note title="Cut off" text="The body was longer than what is kept (ledger.bodyLimit)." />}
      <div className="w-full">
        <Code text={text} label={`Copy the ${what}`} wraps={hasChoice && view === 'readable'} />
      </div>
    </div>
  )
}

const whyNot: Record<CallDetail['capture'], string> = {
  off: 'Requests and responses are not kept: capture is off. Turn it on in Settings to see them for the calls that follow; they stay on this machine, with keys removed.',
  errors:
    'Only the bodies of failed calls are kept. Choose "all calls" in Settings to see those of answered ones, too, from then on.',
  all: 'It is not there: the call was made before capture was on.',
}

function NotKept({ what, detail }: { what: 'request' | 'response'; detail: CallDetail }) {
  const { capture, call } = detail
  const isFailure = call.outcome !== 'ok'
  return (
    <Note
      title={`The ${what} was not kept`}
      text={capture === 'errors' && isFailure ? whyNot.all : whyNot[capture]}
      action={
        <Link href="/settings" className="shrink-0 font-medium text-accent-ink hover:underline">
          Capture in Settings
        </Link>
      }
    />
  )
}
