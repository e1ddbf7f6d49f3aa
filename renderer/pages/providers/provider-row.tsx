import { clsx } from 'clsx'
import { KeyRound, MoreHorizontal, PlugZap, Settings2, Trash2 } from 'lucide-react'
import type { Provider } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Badge, StatusDot } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { Duration, RelativeTime } from '../../ui/values.tsx'
import { CheckResult } from './check-result.tsx'
import { circuitWords, countOf, failureWords, keyOrigin, keyWords, stateOf } from './provider-words.ts'

export interface ProviderRowProps {
  provider: Provider
  onEdit: () => void
  onRemoveKey: () => void
  onRemove: () => void
}

const columnWidths = {
  key: 'w-20 shrink-0',
  latency: 'w-20 shrink-0 text-right',
  aliases: 'w-44 shrink-0 pl-4',
  actions: 'w-28 shrink-0 justify-end',
} as const

/** Stands above the rows, in their columns. */
export function ProviderHeadings() {
  return (
    <div aria-hidden className="flex h-8 items-center gap-x-4 text-small font-medium text-muted">
      <span className="flex-1 pl-5">Provider</span>
      <span className={columnWidths.key}>Key</span>
      <span className={columnWidths.latency} title="Until the first byte of an answer, of the last calls">
        Latency
      </span>
      <span className={columnWidths.aliases}>Used by</span>
      <span className={columnWidths.actions} />
    </div>
  )
}

/** One provider: does it work, with which key, how fast, who uses it. */
export function ProviderRow({ provider, onEdit, onRemoveKey, onRemove }: ProviderRowProps) {
  const check = useAct('providers.check', { saved: false, toastErrors: false })
  const test = () => check.mutate({ provider: { name: provider.name } })
  const { key } = provider
  const items: MenuItem[] = [
    { label: 'Edit', icon: Settings2, onSelect: onEdit },
    { label: key.state === 'set' ? 'Replace the key' : 'Add a key', icon: KeyRound, onSelect: onEdit },
    'separator',
    { label: 'Remove the key', onSelect: onRemoveKey, disabled: key.state === 'none' },
    { label: 'Remove the provider', icon: Trash2, isDanger: true, onSelect: onRemove },
  ]
  return (
    <div className="flex flex-col gap-2 py-2.5">
      <div className="flex items-center gap-x-4">
        <Identity provider={provider} onEdit={onEdit} />
        <KeyCell provider={provider} />
        <span className={columnWidths.latency}>
          <Duration ms={provider.latencyMs} />
        </span>
        <Aliases names={provider.aliases} />
        <span className={clsx(columnWidths.actions, 'flex gap-1')}>
          {key.state === 'missing' ? (
            <Button size="small" icon={KeyRound} onClick={onEdit}>
              Add key
            </Button>
          ) : (
            <Button size="small" icon={PlugZap} onClick={test} isBusy={check.isPending}>
              Test
            </Button>
          )}
          <Menu
            trigger={<IconButton icon={MoreHorizontal} size="small" label={`More for ${provider.name}`} />}
            items={items}
          />
        </span>
      </div>
      <Trouble provider={provider} isChecked={check.data?.ok === false} />
      <CheckResult check={check.data} error={check.error} onDismiss={check.reset} />
    </div>
  )
}

function Identity({ provider, onEdit }: Pick<ProviderRowProps, 'provider' | 'onEdit'>) {
  const { tone, words } = stateOf(provider)
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3">
      <StatusDot tone={tone} label={words} />
      <div className="min-w-0">
        <p className="truncate">
          <button type="button" onClick={onEdit} className="rounded-small font-medium hover:underline">
            {provider.title}
          </button>
          {provider.name !== provider.type && (
            <span className="ml-2 font-mono text-mono text-muted">{provider.name}</span>
          )}
        </p>
        <p className="truncate text-small text-muted">
          {words}
          {provider.hasOwnBaseUrl && ` · ${provider.baseUrl}`}
        </p>
      </div>
    </div>
  )
}

function KeyCell({ provider: { key } }: { provider: Provider }) {
  const look = { set: 'font-mono text-mono', missing: 'text-bad', none: 'text-faint' }[key.state]
  return (
    <span className={clsx(columnWidths.key, 'truncate', look)} title={keyOrigin(key)}>
      {keyWords(key)}
      <span className="sr-only">. {keyOrigin(key)}</span>
    </span>
  )
}

function Aliases({ names }: { names: readonly string[] }) {
  const all = names.join(', ')
  return (
    <span className={clsx(columnWidths.aliases, 'flex gap-1 overflow-hidden')} title={all}>
      {names.length === 0 && <span className="text-faint">none</span>}
      {names.length > 2 ? (
        <Badge>{countOf(names.length, 'alias', 'aliases')}</Badge>
      ) : (
        names.map((name) => <Badge key={name}>{name.length > 20 ? `${name.slice(0, 19)}…` : name}</Badge>)
      )}
    </span>
  )
}

/** What does not work, in the provider's own words. `isChecked`: a fresh test below says it already. */
function Trouble({ provider, isChecked }: { provider: Provider; isChecked: boolean }) {
  const problem = isChecked ? null : provider.problem
  const failure = failureWords(provider)
  const circuits = circuitWords(provider)
  if (problem === null && failure === null && circuits === null) return null
  return (
    <div className="ml-5 border-l-2 border-line pl-3 text-small wrap-anywhere text-muted">
      {problem !== null && <p className="text-ink">{problem}</p>}
      {failure !== null && (
        <p>
          Last error: <span className="font-mono">{failure}</span>,{' '}
          <RelativeTime time={provider.lastFailure?.at ?? null} />
        </p>
      )}
      {circuits !== null && <p>{circuits}</p>}
    </div>
  )
}
