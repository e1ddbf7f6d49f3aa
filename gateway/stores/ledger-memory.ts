import type { AttemptRow, UsageGroup, UsageGroupTotals, UsageQuery } from './ledger.ts'
import { passesFilter } from './ledger-filter.ts'
import { latencyReport, type Latencies } from './ledger-latency.ts'
import type { CallsQuery, CallSummary, Capture, HourRow, HoursQuery, ReadableLedger } from './ledger-reader.ts'
import { packRow, rowWidth, unpackCounted } from './ledger-row.ts'
import type { Value } from './open-database.ts'
import { addTotals, emptyTotals, rollUp } from './roll-up.ts'
import type { RollUp } from './roll-up.ts'
import { groupLabel, hoursOf, makeReport } from './usage-report.ts'

/** Rows kept besides the roll-ups, which are the account. */
const keptRows = 10_000
const keptCaptures = 100

type KeptRow = AttemptRow & { id: number }

/** The ledger of a gateway that has nowhere to write: the same numbers, until it ends. */
export function createMemoryLedger(): ReadableLedger {
  const hours = new Map<string, RollUp>()
  const captures = new Map<string, Capture>()
  let rows: KeptRow[] = []
  let nextId = 1

  return {
    async append(more) {
      const packed: Value[] = []
      for (const row of more) packRow(row, packed)
      rollUp(
        more.map((_, index) => unpackCounted(packed, index * rowWidth)),
        hours,
      )
      rows.push(...more.map((row) => ({ ...row, id: nextId++ })))
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

    capture(callId, _startedAt, capture) {
      captures.set(callId, capture)
      for (const oldest of captures.keys()) {
        if (captures.size <= keptCaptures) return
        captures.delete(oldest)
      }
    },
    calls: async (query) => pageOf(rows, query),
    async call(callId) {
      const attempts = rows.filter((row) => row.callId === callId).sort((a, b) => a.attempt - b.attempt)
      if (attempts.length === 0) return undefined
      return { attempts: attempts.map(withoutId), capture: captures.get(callId) }
    },
    hours: async (query) => hourRows(hours.values(), query),
    latency: async (edges) => latencyReport(answered(rows), edges),
    names: async () => ({
      providers: distinct(rows.map(({ provider }) => provider)),
      models: distinct(rows.map(({ model, requestedModel }) => model ?? requestedModel)),
      keys: distinct(rows.map(({ key }) => key)),
    }),
  }
}

function pageOf(
  rows: readonly KeptRow[],
  { limit, before, filter }: CallsQuery,
): { calls: CallSummary[]; hasMore: boolean } {
  const found = rows
    .filter((row) => row.final && (before === undefined || isNewer(before, row)) && passesFilter(row, filter))
    .sort((a, b) => b.startedAt - a.startedAt || b.id - a.id)
  return { calls: found.slice(0, limit).map((row) => summary(row, rows)), hasMore: found.length > limit }
}

function isNewer(left: { startedAt: number; id: number }, right: { startedAt: number; id: number }): boolean {
  return left.startedAt > right.startedAt || (left.startedAt === right.startedAt && left.id > right.id)
}

function withoutId(row: KeptRow): AttemptRow {
  const { id: _, ...attempt } = row
  return attempt
}

function summary(last: KeptRow, rows: readonly KeptRow[]): CallSummary {
  const { costNanoUsd: _, ...row } = last
  const ofCall = rows.filter(({ callId }) => callId === row.callId)
  const costs = ofCall.flatMap(({ costNanoUsd }) => costNanoUsd ?? [])
  const isKnown = costs.length === ofCall.length
  return {
    ...row,
    attempts: ofCall.filter(({ attempt }) => attempt > 0).length,
    ...(isKnown ? { costNanoUsd: costs.reduce((sum, cost) => sum + cost, 0) } : {}),
  }
}

function answered(rows: readonly KeptRow[]): Latencies {
  const calls = rows.filter(({ final, outcome, attempt }) => final && outcome === 'ok' && attempt > 0)
  return {
    startedAt: calls.map(({ startedAt }) => startedAt),
    durationMs: calls.map(({ durationMs }) => durationMs),
    firstTokenMs: calls.map(({ firstTokenMs }) => firstTokenMs ?? -1),
  }
}

function hourRows(hours: Iterable<RollUp>, { from, to, by }: HoursQuery): HourRow[] {
  const { first, end } = hoursOf({ from, to })
  const found = new Map<string, HourRow>()
  for (const entry of hours) {
    if (entry.hour < first || entry.hour >= end) continue
    const name = by === undefined || entry[by] === '' ? null : entry[by]
    const key = `${entry.hour}\n${name ?? ''}`
    const row = found.get(key) ?? { hour: entry.hour, name, ...emptyTotals() }
    found.set(key, row)
    addTotals(row, entry.totals)
  }
  return [...found.values()].sort((a, b) => a.hour - b.hour || compare(a.name ?? '', b.name ?? ''))
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.flatMap((name) => name ?? []))].sort()
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
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
