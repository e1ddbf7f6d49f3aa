import type { CallDetail } from '../../../gateway/contract.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Note } from '../../ui/notes.tsx'

/** Both sides, with what is secret blanked out by the gateway. */
export function HeadersTab({ detail: { requestHeaders, responseHeaders } }: { detail: CallDetail }) {
  if (requestHeaders === null && responseHeaders === null) {
    return (
      <Note
        title="The headers were not kept"
        text="Those of the last 300 calls are, until the gateway stops; and those of calls whose bodies are captured."
      />
    )
  }
  return (
    <div className="flex flex-col gap-6">
      <HeaderList title="Request" headers={requestHeaders ?? []} />
      <HeaderList title="Response" headers={responseHeaders ?? []} />
    </div>
  )
}

function HeaderList({ title, headers }: { title: string; headers: readonly (readonly [string, string])[] }) {
  return (
    <section aria-label={`${title} headers`}>
      <div className="flex items-center justify-between">
        <h3 className="font-medium">{title}</h3>
        <CopyButton
          label={`Copy the ${title.toLowerCase()} headers`}
          text={() => headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
        />
      </div>
      {headers.length === 0 && <p className="text-muted">None.</p>}
      <dl className="mt-1">
        {headers.map(([name, value], index) => (
          <div
            key={`${name} ${index}`}
            className="grid grid-cols-[minmax(120px,1fr)_2fr] gap-x-4 border-t border-line py-1"
          >
            <dt className="font-mono text-mono wrap-anywhere text-muted">{name}</dt>
            <dd className="font-mono text-mono wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
