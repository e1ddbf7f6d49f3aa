import { MoreHorizontal, Pencil, Plus, Route, Search, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Alias } from '../../../gateway/contract.ts'
import { usePlatform } from '../../client/platform.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { Menu } from '../../ui/menu.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import { useRemoveAlias } from './mutations.ts'
import { priceWords, type priceFinder } from './price-words.ts'
import { TargetChain } from './target-chain.tsx'

export interface AliasListProps {
  aliases: readonly Alias[]
  priceOf: ReturnType<typeof priceFinder>
  onEdit: (name: string) => void
  onAdd: () => void
  onExplain: (name: string) => void
}

/** So many are seen at a glance. */
const mostWithoutSearch = 8

export function AliasList({ aliases, priceOf, onEdit, onAdd, onExplain }: AliasListProps) {
  const [search, setSearch] = useState('')
  const shown = aliases.filter((alias) => searchText(alias).includes(search.trim().toLowerCase()))
  return (
    <Card
      title="Aliases"
      isFlush
      actions={
        aliases.length > mostWithoutSearch && (
          <TextField
            label="Search aliases"
            hidesLabel
            icon={Search}
            placeholder="Search"
            value={search}
            onChange={setSearch}
          />
        )
      }
    >
      {aliases.length === 0 ? (
        <NoAlias onAdd={onAdd} />
      ) : (
        <ul aria-label="Aliases" className="mt-1 divide-y divide-line border-t border-line">
          {shown.map((alias) => (
            <AliasRow
              key={alias.name}
              {...{ alias, priceOf }}
              onEdit={() => onEdit(alias.name)}
              onExplain={() => onExplain(alias.name)}
            />
          ))}
          {shown.length === 0 && <li className="p-4 text-muted">Nothing fits “{search}”.</li>}
        </ul>
      )}
    </Card>
  )
}

function searchText({ name, targets }: Alias): string {
  return [name, ...targets.map(({ provider, model }) => `${provider}/${model}`)].join(' ').toLowerCase()
}

function NoAlias({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState
      title="No alias yet"
      text="An alias is a name of your own, such as “fast”, that leads to a model. Tools keep using the name while you change what is behind it."
      action={
        <Button kind="primary" icon={Plus} onClick={onAdd}>
          New alias
        </Button>
      }
    />
  )
}

interface AliasRowProps {
  alias: Alias
  priceOf: AliasListProps['priceOf']
  onEdit: () => void
  onExplain: () => void
}

function AliasRow({ alias, priceOf, onEdit, onExplain }: AliasRowProps) {
  const { name, targets, warnings } = alias
  const [first] = targets
  const remove = useRemoveAlias()
  const { copy } = usePlatform()
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <div className="flex items-start gap-4">
        <button
          type="button"
          onClick={onEdit}
          title={name}
          className="w-36 shrink-0 truncate rounded-small text-left font-mono text-mono font-medium hover:underline"
        >
          {name}
        </button>
        <div className="min-w-0 flex-1">
          <TargetChain targets={targets} />
        </div>
        {first !== undefined && (
          <span
            className="shrink-0 text-right text-small leading-5! text-muted"
            title="Of the first target, per 1M tokens"
          >
            {priceWords(priceOf(first.provider, first.model))}
          </span>
        )}
        <Menu
          trigger={<IconButton icon={MoreHorizontal} size="small" label={`More for ${name}`} className="-my-0.5" />}
          items={[
            { label: 'Edit', icon: Pencil, onSelect: onEdit },
            { label: 'What happens to a call?', icon: Route, onSelect: onExplain },
            { label: 'Copy the name', onSelect: () => void copy(name).then(() => toast('Copied')) },
            'separator',
            { label: 'Remove', icon: Trash2, isDanger: true, onSelect: () => remove.mutate({ name }) },
          ]}
        />
      </div>
      <Warnings warnings={warnings} />
    </li>
  )
}

export function Warnings({ warnings }: { warnings: readonly string[] }) {
  return warnings.map((warning) => (
    <p key={warning} className="flex items-start gap-2 text-small wrap-anywhere">
      <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0 text-warn" strokeWidth={1.75} />
      {warning}
    </p>
  ))
}
