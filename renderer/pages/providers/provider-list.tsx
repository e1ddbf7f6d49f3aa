import { useState } from 'react'
import type { Provider } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Card } from '../../ui/layout.tsx'
import { moved } from '../../lib/move.ts'
import { useOrderProviders, useRemoveKey, useRemoveProvider } from './mutations.ts'
import { OrderedList } from '../../ui/ordered-list.tsx'
import { ProviderHeadings, ProviderRow } from './provider-row.tsx'
import { keyRemovalQuestion, providerRemovalQuestion, type Question } from './provider-words.ts'

export interface ProviderListProps {
  providers: readonly Provider[]
  onEdit: (name: string) => void
}

/** In the order in which they are asked. */
export function ProviderList({ providers, onEdit }: ProviderListProps) {
  const order = useOrderProviders()
  const removal = useRemoval()
  return (
    <Card isFlush>
      <OrderedList
        label="Providers, first asked first"
        heading={<ProviderHeadings />}
        items={providers}
        keyOf={(provider) => provider.name}
        nameOf={(provider) => provider.title}
        rowClass="px-3"
        onMove={(from, to) => order.mutate({ names: moved(providers, from, to).map(({ name }) => name) })}
      >
        {(provider) => (
          <ProviderRow
            provider={provider}
            onEdit={() => onEdit(provider.name)}
            onRemoveKey={() => removal.removeKey(provider)}
            onRemove={() => removal.remove(provider)}
          />
        )}
      </OrderedList>
      {removal.dialog}
    </Card>
  )
}

/** Removes at once, with Undo; asks first where something else goes along. */
export function useRemoval(onRemoved?: () => void) {
  const [asked, setAsked] = useState<Question & { run: () => void }>()
  const routing = useMethod('aliases.list', {})
  const removeProvider = useRemoveProvider()
  const removeKey = useRemoveKey()
  const ask = (question: Question | undefined, run: () => void) => {
    if (question === undefined) run()
    else setAsked({ ...question, run })
  }
  return {
    removeKey: (provider: Provider) =>
      ask(keyRemovalQuestion(provider), () => removeKey.mutate({ provider: provider.name })),
    remove(provider: Provider) {
      const nothing = { aliases: [], fallbackChain: [], defaultProvider: null }
      ask(providerRemovalQuestion(provider, routing.data ?? nothing), () => {
        onRemoved?.()
        removeProvider.mutate({ name: provider.name })
      })
    },
    dialog: asked !== undefined && (
      <ConfirmDialog
        open
        onOpenChange={() => setAsked(undefined)}
        title={asked.title}
        text={asked.text}
        confirmLabel="Remove"
        onConfirm={asked.run}
      />
    ),
  }
}
