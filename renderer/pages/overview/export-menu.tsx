import { useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { Totals, UsageDimension } from '../../../gateway/contract.ts'
import { asFailure } from '../../client/client.ts'
import { useClient } from '../../client/client-context.tsx'
import { usePlatform } from '../../client/platform.tsx'
import { writeCsv } from '../../lib/csv.ts'
import { plainUsd } from '../../lib/format.ts'
import { writeDay, type TimeRange } from '../../lib/range.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { splits } from './measures.ts'

/** All sums of the span as CSV, by whatever one likes. */
export function ExportMenu({ range }: { range: TimeRange }) {
  const client = useClient()
  const queries = useQueryClient()
  const { saveText } = usePlatform()
  const save = async (by: UsageDimension) => {
    const input = { from: range.from, to: range.to, by }
    const { groups } = await queries.fetchQuery({
      queryKey: ['usage.groups', input],
      queryFn: () => client.call('usage.groups', input),
    })
    await saveText(`usage-by-${by}-${writeDay(range.from)}-to-${writeDay(range.to - 1)}.csv`, groupsCsv(by, groups))
  }
  return (
    <Menu
      trigger={<Button icon={Download}>Export</Button>}
      items={splits.map(({ value, label }) => ({
        label: `By ${label.toLowerCase()} (CSV)`,
        onSelect: () => void save(value).catch((thrown: unknown) => toastFailure(asFailure(thrown))),
      }))}
    />
  )
}

const columns: readonly (readonly [title: string, of: (totals: Totals) => number | string])[] = [
  ['requests', ({ requests }) => requests],
  ['errors', ({ errors }) => errors],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['cache_read_tokens', ({ cacheReadTokens }) => cacheReadTokens],
  ['cache_write_tokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
  ['cost_usd', ({ costNanoUsd }) => plainUsd(costNanoUsd)],
  ['saved_usd', ({ savedNanoUsd }) => plainUsd(savedNanoUsd)],
  ['cache_hits', ({ cacheHits }) => cacheHits],
  ['cache_misses', ({ cacheMisses }) => cacheMisses],
  ['attempts_without_price', ({ unpricedAttempts }) => unpricedAttempts],
]

function groupsCsv(by: UsageDimension, groups: readonly (Totals & { name: string | null })[]): string {
  return writeCsv(
    [by, ...columns.map(([title]) => title)],
    groups.map((group) => [group.name, ...columns.map(([, of]) => of(group))]),
  )
}
