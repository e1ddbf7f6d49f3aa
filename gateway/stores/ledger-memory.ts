import type { AttemptRow, Ledger, UsageGroup, UsageGroupTotals, UsageQuery } from './ledger.ts'
import { packRow, rowWidth, unpackCounted } from './ledger-row.ts'
import type { Value } from './open-database.ts'
import { addTotals, emptyTotals, rollUp } from './roll-up.ts'
import type { RollUp } from './roll-up.ts'
import { groupLabel, hoursOf, makeReport } from './usage-report.ts'

/** Rows kept besides the roll-ups, which are the account. */
const keptRows = 10_000

/** The ledger of a gateway that has nowhere to write: the same numbers, until it ends. */
export function createMemoryLedger(): Ledger {
  const hours = new Map<string, RollUp>()
  let rows: AttemptRow[] = []

  return {
    async append(more) {
      const packed: Value[] = []
      for (const row of more) packRow(row, packed)
      rollUp(
        more.map((_, index) => unpackCounted(packed, index * rowWidth)),
        hours,
      )
      rows.push(...more)
      if (rows.length > 2 * keptRows) rows = rows.slice(-keptRows)
    },
    async usage(query) {
      const groupBy = [...new Set(query.groupBy ?? [])]
      return makeReport(groupTotals(hours.values(), query, groupBy), groupBy)
    },
    async prune(before) {
      const count = rows.length
      rows = rows.filter((row) => row.startedAt >= before)
      return count - rows.length
    },
    async close() {},
  }
}

function groupTotals(hours: Iterable<RollUp>, query: UsageQuery, groupBy: UsageGroup[]): UsageGroupTotals[] {
  const { first, end } = hoursOf(query)
  const groups = new Map<string, UsageGroupTotals>()
  for (const entry of hours) {
    if (entry.hour < first || entry.hour >= end) continue
    const group: UsageGroupTotals['group'] = {}
    for (const name of groupBy) group[name] = groupLabel(name, valueOf(entry, name))
    const key = JSON.stringify(group)
    const totals = groups.get(key) ?? { ...emptyTotals(), group }
    groups.set(key, totals)
    addTotals(totals, entry.totals)
  }
  return [...groups.values()]
}

function valueOf(entry: RollUp, group: UsageGroup): string | number {
  return group === 'day' ? Math.floor(entry.hour / 24) : entry[group]
}
