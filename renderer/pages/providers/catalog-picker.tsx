import { Search } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import type { CatalogEntry } from '../../../gateway/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { groupCatalog, placeOf } from './catalog.ts'

export interface CatalogPickerProps {
  entries: readonly CatalogEntry[]
  /** Types that are configured already. */
  present: readonly string[]
  onPick: (entry: CatalogEntry) => void
}

/** Every provider that is known, to choose from; Enter in the search takes the first that fits. */
export function CatalogPicker({ entries, present, onPick }: CatalogPickerProps) {
  const [search, setSearch] = useState('')
  const groups = groupCatalog(entries, search)
  const takeFirst = (event: KeyboardEvent) => {
    const first = groups[0]?.entries[0]
    if (event.key !== 'Enter' || search.trim() === '' || first === undefined) return
    // Else the same Enter would send the form that appears in its place.
    event.preventDefault()
    onPick(first)
  }
  return (
    <div className="flex flex-col gap-4">
      <FocusFirst>
        <TextField
          label="Search providers"
          hidesLabel
          icon={Search}
          placeholder={`Search ${entries.length} providers`}
          value={search}
          onChange={setSearch}
          onKeyDown={takeFirst}
        />
      </FocusFirst>
      {groups.map(({ title, entries }) => (
        <section key={title} aria-label={title}>
          <h3 className="pb-1 text-small font-medium text-muted">{title}</h3>
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(180px,1fr))] gap-2">
            {entries.map((entry) => (
              <li key={entry.id}>
                <EntryButton entry={entry} isPresent={present.includes(entry.id)} onPick={() => onPick(entry)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 && (
        <p className="py-6 text-center text-muted">
          Nothing fits “{search}”. If it speaks like OpenAI, search for “compatible” and enter its address.
        </p>
      )}
    </div>
  )
}

interface EntryButtonProps {
  entry: CatalogEntry
  isPresent: boolean
  onPick: () => void
}

function EntryButton({ entry, isPresent, onPick }: EntryButtonProps) {
  return (
    <button
      type="button"
      onClick={onPick}
      className="flex h-full w-full min-w-0 flex-col rounded-control border border-line px-3 py-2 text-left hover:bg-hover"
    >
      <span className="flex w-full items-center justify-between gap-2">
        <span className="truncate font-medium">{entry.title}</span>
        {isPresent && <Badge>added</Badge>}
      </span>
      <span className="w-full truncate text-small text-muted">{placeOf(entry)}</span>
    </button>
  )
}
