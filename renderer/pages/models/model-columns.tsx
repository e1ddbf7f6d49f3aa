import type { Model, Price } from '../../../gateway/contract.ts'
import { formatPrice } from '../../lib/format.ts'
import { ModelName } from './model-name.tsx'
import type { Column } from '../../ui/table.tsx'
import { Tokens } from '../../ui/values.tsx'
import { unknownPrice } from './price-words.ts'

/** What is known of every model. Prices are USD per 1M tokens; unknown ones are said to be. */
export const modelColumns: readonly Column<Model>[] = [
  {
    id: 'model',
    title: 'Model',
    sort: ({ id }) => id,
    cell: ({ id }) => <ModelName id={id} />,
  },
  {
    id: 'provider',
    title: 'Provider',
    width: '88px',
    sort: ({ provider }) => provider,
    cell: ({ provider }) => provider,
  },
  priceColumn('input', 'Input'),
  priceColumn('output', 'Output'),
  priceColumn('cacheRead', 'Cache read'),
  {
    id: 'context',
    title: 'Context',
    width: '68px',
    align: 'right',
    sort: ({ contextWindow }) => contextWindow,
    cell: ({ contextWindow }) => <Tokens count={contextWindow} />,
  },
  {
    id: 'capabilities',
    title: 'Can do',
    width: '120px',
    csv: ({ capabilities }) => capabilities.join(', '),
    cell: ({ capabilities }) => (
      <span className="block max-w-24 truncate wide:max-w-44 text-small text-muted" title={capabilities.join(', ')}>
        {capabilities.join(', ')}
      </span>
    ),
  },
]

function priceColumn(part: keyof Price, title: string): Column<Model> {
  return {
    id: part,
    title,
    width: part === 'input' ? '96px' : '76px',
    align: 'right',
    sort: ({ price }) => price?.[part],
    csv: ({ price }) => price?.[part] ?? unknownPrice,
    cell: ({ price }) => <PriceCell price={price} part={part} />,
  }
}

function PriceCell({ price, part }: { price: Price | null; part: keyof Price }) {
  const usd = price?.[part] ?? null
  if (usd !== null) return formatPrice(usd)
  // Said once per row, and aloud for every cell.
  if (price === null && part === 'input') return <span className="text-small text-warn">{unknownPrice}</span>
  return (
    <span className="text-faint" title={unknownPrice}>
      <span aria-hidden>–</span>
      <span className="sr-only">{unknownPrice}</span>
    </span>
  )
}
