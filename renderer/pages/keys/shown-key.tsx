import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/notes.tsx'
import { modelToTry, snippetsOf } from './key-words.ts'

/** Held by the page while the dialog is open, and nowhere else. */
export interface ShownKey {
  name: string
  key: string
  models: readonly string[] | null
  isNew: boolean
  /** Until when the one before is taken as well, in words. */
  oldUntil?: string
}

/** The key, this once, with what to do with it. */
export function ShownKeyDialog({ shown, onClose }: { shown: ShownKey; onClose: () => void }) {
  const { name, key, models, isNew, oldUntil } = shown
  const url = useMethod('status.get', {}).data?.url
  const aliases = useMethod('aliases.list', {}).data?.aliases ?? []
  const known = useMethod('models.list', {}).data?.models ?? []
  const model = modelToTry(models, [...aliases.map((alias) => alias.name), ...known.map(({ id }) => id)])
  return (
    <Dialog
      open
      holds
      onOpenChange={onClose}
      width={640}
      title={isNew ? `The key of ${name}` : `The new key of ${name}`}
      description={oldUntil}
      footer={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Note
          kind="warn"
          title="Copy it now: it is shown this once."
          text="The gateway keeps only a hash of it. Should it get lost, make a new one in its place."
        />
        <div className="flex items-center gap-2 rounded-control bg-sunken py-2 pr-2 pl-3">
          <code className="min-w-0 flex-1 wrap-anywhere" data-testid="shown-key">
            {key}
          </code>
          <CopyButton text={key} label="Copy the key" hasText />
        </div>
        {typeof url === 'string' &&
          snippetsOf(key, url, model).map(({ title, text }) => (
            <section key={title} aria-label={title} className="flex flex-col gap-1.5">
              <h3 className="font-medium">{title}</h3>
              <Code text={text} label={`Copy: ${title}`} />
            </section>
          ))}
      </div>
    </Dialog>
  )
}
