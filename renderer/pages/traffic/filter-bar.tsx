import { Search } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { cacheOutcomes, outcomeFilters } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { useHotkey } from '../../lib/commands.tsx'
import { Select, type Option } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { FilterName } from './call-filter.ts'
import { cacheTitles, outcomeTitles } from './call-words.ts'
import type { TrafficAddress } from './use-traffic-address.ts'

const outcomeOptions = outcomeFilters.map((value) => ({ value, label: outcomeTitles[value] }))
const cacheOptions = cacheOutcomes.map((value) => ({ value, label: cacheTitles[value] }))
const guardOptions = [{ value: 'true', label: 'Something found' }]

/** Which calls are shown. */
export function FilterBar({ address, onLeave }: { address: TrafficAddress; onLeave: () => void }) {
  const { filter, setFilter } = address
  const names = useMethod('traffic.names', {}, { staleMs: 30_000 }).data
  const choice = (name: Exclude<FilterName, 'text'>, title: string, options: readonly Option<string>[]) => (
    <FilterSelect
      {...{ title, options, value: filter[name]?.toString(), onChange: (value) => setFilter(name, value) }}
    />
  )
  return (
    <search aria-label="Filter the calls" className="flex flex-wrap items-center gap-2">
      <TextFilter value={filter.text ?? ''} onChange={(text) => setFilter('text', text)} onLeave={onLeave} />
      {choice('outcome', 'Outcome', outcomeOptions)}
      {choice('provider', 'Provider', named(names?.providers, filter.provider))}
      {choice('model', 'Model', named(names?.models, filter.model))}
      {choice('key', 'Tool', named(names?.keys, filter.key))}
      {choice('cache', 'Cache', cacheOptions)}
      {choice('guarded', 'Guards', guardOptions)}
    </search>
  )
}

/** What is filtered by stays in the list, also when nothing of that name is in the ledger (any more). */
function named(names: readonly string[] = [], chosen: string | undefined): Option<string>[] {
  const all = chosen === undefined || names.includes(chosen) ? names : [chosen, ...names]
  return all.map((name) => ({ value: name, label: name }))
}

interface FilterSelectProps {
  title: string
  options: readonly Option<string>[]
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** No name begins with a space, so this is none. */
const anyValue = ' any'

function FilterSelect({ title, options, value, onChange }: FilterSelectProps) {
  const none: Option<string> = { value: anyValue, label: `Any ${title.toLowerCase()}` }
  return (
    <Select
      label={`Filter by ${title.toLowerCase()}`}
      hidesLabel
      className={value === undefined ? 'w-28' : 'w-28 font-medium'}
      placeholder={title}
      options={value === undefined ? options : [none, ...options]}
      value={value}
      onChange={(chosen) => onChange(chosen === anyValue ? undefined : chosen)}
    />
  )
}

interface TextFilterProps {
  value: string
  onChange: (text: string) => void
  onLeave: () => void
}

/** Follows the typing; the address follows when it rests, because every change asks the ledger. */
const restMs = 200

function TextFilter({ value, onChange, onLeave }: TextFilterProps) {
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const tell = useEffectEvent(() => {
    if (typed === told.current) return
    told.current = typed
    onChange(typed)
  })
  useEffect(() => {
    const timer = setTimeout(tell, restMs)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- every letter begins the rest anew
  }, [typed])
  // It was changed from elsewhere: "Clear", Back, a link.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setTyped(value)
  }, [value])
  useHotkey('/', 'Filter by text', () => field.current?.select())
  return (
    <TextField
      ref={field}
      label="Filter by text"
      hidesLabel
      icon={Search}
      className="min-w-44 flex-1"
      placeholder="Model, tool, error or call id   ( / )"
      maxLength={256}
      value={typed}
      onChange={setTyped}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave()
        if (event.key !== 'Escape') return
        setTyped('')
        onLeave()
      }}
    />
  )
}
