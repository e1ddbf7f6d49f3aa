import { clsx } from 'clsx'
import { Plus, X } from 'lucide-react'
import type { WireFormat } from '../../../gateway/contract.ts'
import { moved } from '../../lib/move.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { OrderedList } from '../../ui/ordered-list.tsx'
import { ListField } from './list-field.tsx'
import { formatWords } from './more-form.ts'

export interface FormatListProps {
  /** What it can be told to speak. */
  possible: readonly WireFormat[]
  /** What it speaks if nothing is chosen, as far as that is known here. */
  known: readonly WireFormat[]
  /** The preferred one first; empty: what is known of its type. */
  chosen: readonly WireFormat[]
  onChange: (chosen: WireFormat[]) => void
}

/** Which formats chat is spoken in at its address. Nothing to see where there is nothing to choose. */
export function FormatList({ possible, known, chosen, onChange }: FormatListProps) {
  if (possible.length < 2 && chosen.length === 0) return null
  return (
    <ListField label="Wire formats" help="What its address speaks. Any other is translated to the first.">
      {chosen.length === 0 ? (
        <div className="flex items-center justify-between gap-4">
          <span className="min-w-0 text-muted">
            What is known of its type{known.length === 0 ? '' : `: ${known.map(formatWords).join(', ')}`}
          </span>
          <Button size="small" onClick={() => onChange(known.length === 0 ? possible.slice(0, 1) : [...known])}>
            Choose
          </Button>
        </div>
      ) : (
        <Chosen {...{ possible, chosen, onChange }} />
      )}
    </ListField>
  )
}

function Chosen({ possible, chosen, onChange }: Omit<FormatListProps, 'known'>) {
  const others = possible.filter((format) => !chosen.includes(format))
  return (
    <>
      <div className="rounded-control border border-line px-2">
        <OrderedList
          label="Wire formats, preferred one first"
          items={chosen}
          keyOf={(format) => format}
          nameOf={formatWords}
          onMove={(from, to) => onChange(moved(chosen, from, to))}
        >
          {(format, index) => (
            <div className="flex h-8 items-center gap-2">
              <span className="truncate">{formatWords(format)}</span>
              {index === 0 && chosen.length > 1 && <Badge>preferred</Badge>}
              <IconButton
                icon={X}
                size="small"
                className="ml-auto"
                label={`Without ${formatWords(format)}`}
                onClick={() => onChange(chosen.filter((each) => each !== format))}
              />
            </div>
          )}
        </OrderedList>
      </div>
      <div className="flex flex-wrap gap-2">
        {others.map((format) => (
          <Button key={format} size="small" icon={Plus} onClick={() => onChange([...chosen, format])}>
            {formatWords(format)}
          </Button>
        ))}
        <Button size="small" kind="quiet" className={clsx(others.length === 0 && '-ml-2')} onClick={() => onChange([])}>
          Back to what is known
        </Button>
      </div>
    </>
  )
}
