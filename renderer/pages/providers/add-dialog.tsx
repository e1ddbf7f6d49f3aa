import { useState } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/notes.tsx'
import { AddForm } from './add-form.tsx'
import { CatalogPicker } from './catalog-picker.tsx'
import { startDraft, type ProviderLink } from './provider-draft.ts'

export interface AddDialogProps {
  entries: readonly CatalogEntry[]
  providers: readonly Provider[]
  status: Status
  /** undefined: opened by hand. It fills in the form and does nothing else. */
  link: ProviderLink | undefined
  onClose: () => void
}

/** First what, then its name and key. Nothing is kept before Save. */
export function AddDialog({ entries, providers, status, link, onClose }: AddDialogProps) {
  const [picked, setPicked] = useState<CatalogEntry | undefined>(link?.entry)
  const taken = providers.map(({ name }) => name)
  if (picked === undefined) {
    return (
      <Dialog open onOpenChange={onClose} width={660} title="Add a provider">
        {link !== undefined && <UnknownType type={link.type} />}
        <CatalogPicker entries={entries} present={providers.map(({ type }) => type)} onPick={setPicked} />
      </Dialog>
    )
  }
  const fromLink = link !== undefined && picked === link.entry ? link : undefined
  return (
    <AddForm
      key={picked.id}
      entry={picked}
      draft={fromLink?.draft ?? startDraft(picked, taken)}
      isFromLink={fromLink?.isFilledIn === true}
      {...{ providers, status, onClose }}
      onBack={() => setPicked(undefined)}
    />
  )
}

function UnknownType({ type }: { type: string }) {
  return (
    <div className="pb-4">
      <Note
        kind="warn"
        title={`The link asks for a provider of the type “${type}”, which is not in the catalogue.`}
        text="Choose one yourself, or close this: nothing was changed."
      />
    </div>
  )
}
