import { Plus, X } from 'lucide-react'
import type { Model } from '../../../gateway/contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { moved } from '../../lib/move.ts'
import { OrderedList } from '../../ui/ordered-list.tsx'
import { useSaveFallback } from './mutations.ts'
import { fallbackInput, notInChain, type Chain } from './routing-edits.ts'
import { StandIns } from './stand-ins.tsx'

export interface FallbackCardProps {
  chain: Chain
  defaultProvider: string | null
  providers: readonly string[]
  models: readonly Model[]
}

/** `Select` has no empty value. */
const nobody = '(none)'

/** Who is asked when the first choice fails, and who gets names that nobody lists. Saves by itself. */
export function FallbackCard({ chain, defaultProvider, providers, models }: FallbackCardProps) {
  const save = useSaveFallback()
  const keep = (changed: Chain) => save.mutate(fallbackInput(changed, defaultProvider))
  const free = notInChain(chain, providers)
  return (
    <Card
      title="When a provider fails"
      actions={
        free.length > 0 && (
          <Menu
            trigger={
              <Button size="small" icon={Plus}>
                Add to the chain
              </Button>
            }
            items={free.map((provider) => ({
              label: provider,
              onSelect: () => keep([...chain, { provider }]),
            }))}
          />
        )
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-muted">
          {chain.length === 0
            ? 'There is no fallback: a call fails when none of its targets answers.'
            : 'When all targets of a call have failed, it goes down this chain.'}
        </p>
        {chain.length > 0 && (
          <div className="rounded-card border border-line">
            <OrderedList
              label="Fallback chain, first asked first"
              items={chain}
              keyOf={(step) => step.provider}
              nameOf={(step) => step.provider}
              rowClass="px-2"
              onMove={(from, to) => keep(moved(chain, from, to))}
            >
              {(step, index) => (
                <div className="flex items-start gap-2 py-2">
                  <span className="w-4 shrink-0 text-right leading-6! text-faint">{index + 1}.</span>
                  <div className="min-w-0 flex-1">
                    <p className="truncate leading-6! font-medium">{step.provider}</p>
                    <StandIns
                      {...{ step, models }}
                      onChange={(changed) => keep(chain.map((each, at) => (at === index ? changed : each)))}
                    />
                  </div>
                  <IconButton
                    icon={X}
                    size="small"
                    label={`Take ${step.provider} out of the chain`}
                    onClick={() => keep(chain.filter((_, at) => at !== index))}
                  />
                </div>
              )}
            </OrderedList>
          </div>
        )}
        <Select
          label="Default provider"
          className="max-w-72"
          options={[
            { value: nobody, label: 'None', note: 'Unknown names are refused' },
            ...providers.map((name) => ({ value: name, label: name })),
          ]}
          value={defaultProvider ?? nobody}
          onChange={(value) => save.mutate(fallbackInput(chain, value === nobody ? null : value))}
          help="Gets calls for names that no provider lists."
        />
      </div>
    </Card>
  )
}
