import { useEffect, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import {
  rangeNames,
  rangeTitles,
  readRange,
  resolveRange,
  writeDay,
  writeRange,
  type RangeChoice,
  type RangeName,
  type TimeRange,
} from '../lib/range.ts'
import { useNow } from '../lib/use-now.ts'
import { inputClass } from './field.tsx'
import { Select } from './select.tsx'

const options = rangeNames.map((name) => ({ value: name, label: rangeTitles[name] }))

/** The range in the address, resolved now; it moves on by itself with every full hour. `choice` goes to RangePicker. */
export function useRange(fallback: RangeName = 'today'): {
  choice: RangeChoice
  range: TimeRange
  choose: (choice: RangeChoice) => void
} {
  const [search, setSearch] = useSearchParams()
  const choice = useMemo(() => readRange(search, fallback), [search, fallback])
  const now = useNow(60_000)
  const { from, to, bucket } = resolveRange(choice, now)
  // The same object while it says the same: it is part of query keys and of memos.
  const range = useMemo(() => ({ from, to, bucket }), [from, to, bucket])
  return { choice, range, choose: (chosen) => setSearch(writeRange(search, chosen), { replace: true }) }
}

/** Today, 24 h, 7 d, 30 d, this month, or two days of one's own. Stands in the head of a page. */
export function RangePicker({ choice, onChoose }: { choice: RangeChoice; onChoose: (choice: RangeChoice) => void }) {
  const today = writeDay(useNow(60_000))
  const { name, from, to } = choice
  useEffect(() => {
    // Custom without days: start with the last week, so that there is something to change.
    if (name === 'custom' && from === undefined)
      onChoose({ name, from: writeDay(Date.now() - 6 * 86_400_000), to: today })
  }, [name, from, today, onChoose])
  return (
    <div className="flex items-center gap-2">
      {name === 'custom' && (
        <>
          <DayInput label="From" value={from} max={to ?? today} onChange={(day) => onChoose({ name, from: day, to })} />
          <DayInput label="To" value={to} max={today} onChange={(day) => onChoose({ name, from, to: day })} />
        </>
      )}
      <Select
        label="Range"
        hidesLabel
        options={options}
        value={name}
        onChange={(chosen) => onChoose({ name: chosen })}
        className="w-36"
      />
    </div>
  )
}

interface DayInputProps {
  label: string
  value: string | undefined
  max: string
  onChange: (day: string) => void
}

function DayInput({ label, value, max, onChange }: DayInputProps) {
  return (
    <input
      type="date"
      aria-label={label}
      value={value ?? ''}
      max={max}
      onChange={(event) => event.target.value !== '' && onChange(event.target.value)}
      className={`${inputClass} w-34!`}
    />
  )
}
