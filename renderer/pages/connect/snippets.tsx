import { KeyRound } from 'lucide-react'
import type { Tool } from '../../../gateway/contract.ts'
import { useAct, useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'

/** Texts to paste where a tool cannot be connected with a click, or by whoever prefers it. */
export function Snippets({ tool, model }: { tool: Tool; model: string | undefined }) {
  const choice = { tool: tool.id, ...(model === undefined ? {} : { model }) }
  const plain = useMethod('tools.snippet', choice)
  const withKey = useAct('tools.snippet', { saved: false, toastErrors: false })
  const shown = withKey.data ?? plain.data
  const error = withKey.error ?? plain.error
  return (
    <div className="flex flex-col gap-4">
      {error !== null && <ErrorNote error={error} />}
      {shown === undefined && plain.isPending && <SkeletonRows />}
      {shown?.notes.map((note) => (
        <p key={note} className="text-muted">
          {note}
        </p>
      ))}
      {shown?.cards.map(({ title, text }) => (
        <section key={title} aria-label={title} className="flex flex-col gap-1.5">
          <h3 className="font-medium">{title}</h3>
          <Code text={text} label={`Copy: ${title}`} maxHeight={320} />
        </section>
      ))}
      {typeof withKey.data?.keyName === 'string' && (
        <Note
          kind="warn"
          title="The key is shown this once."
          text={`Copy it now. Its calls are listed under “${withKey.data.keyName}”; another one can be made at any time, which ends this one.`}
        />
      )}
      {shown !== undefined && withKey.data === undefined && (
        <Button
          icon={KeyRound}
          className="self-start"
          isBusy={withKey.isPending}
          onClick={() => withKey.mutate({ ...choice, revealKey: true })}
        >
          {tool.keyName === null ? 'Make a key and put it in' : 'Make a new key and put it in'}
        </Button>
      )}
    </div>
  )
}
