import type { UsageGroup, UsageGroupTotals, UsageQuery, UsageReport } from './ledger.ts'
import type { HoursQuery } from './ledger-reader.ts'
import { addTotals, emptyTotals, hourMs } from './roll-up.ts'

/** The hours a query asks for, since 1970: `first` up to but not including `end`. A part of an hour counts whole. */
export function hoursOf(query: UsageQuery): { first: number; end: number } {
  return {
    first: query.from === undefined ? 0 : Math.floor(query.from / hourMs),
    end: query.to === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(query.to / hourMs),
  }
}

const pieceMs = 20 * 24 * hourMs

/** More than one piece. */
export function isLong({ from, to }: HoursQuery): boolean {
  return to - from > pieceMs
}

/** The part of a range that can have calls at all: "ever" would be thousands of pieces that have none. */
export function narrowed(query: HoursQuery, span: { from: number; to: number } | undefined): HoursQuery {
  if (span === undefined) return { ...query, to: query.from }
  return { ...query, from: Math.max(query.from, span.from), to: Math.min(query.to, span.to) }
}

/** The same hours, in pieces that meet at full hours. At least one. */
export function* hourPieces({ from, to, ...query }: HoursQuery): Generator<HoursQuery> {
  let start = from
  while (to - start > pieceMs) {
    const end = Math.floor((start + pieceMs) / hourMs) * hourMs
    yield { ...query, from: start, to: end }
    start = end
  }
  yield { ...query, from: start, to }
}

/** How a group's value is shown: UTC, and null for "none". `day` is counted since 1970, as `hour` is. */
export function groupLabel(group: UsageGroup, value: string | number): string | null {
  if (group === 'hour') return `${new Date(Number(value) * hourMs).toISOString().slice(0, 13)}:00:00Z`
  if (group === 'day') return new Date(Number(value) * 24 * hourMs).toISOString().slice(0, 10)
  return value === '' ? null : String(value)
}

/** Totals and order: time first where it is asked for, then the biggest cost, then the most requests. */
export function makeReport(groups: UsageGroupTotals[], groupBy: readonly UsageGroup[]): UsageReport {
  const total = emptyTotals()
  for (const group of groups) addTotals(total, group)
  if (groupBy.length === 0) return { total, groups: [] }
  return { total, groups: groups.toSorted((left, right) => order(left, right, groupBy)) }
}

function order(left: UsageGroupTotals, right: UsageGroupTotals, groupBy: readonly UsageGroup[]): number {
  return (
    compareTime(left, right) ||
    right.costNanoUsd - left.costNanoUsd ||
    right.requests - left.requests ||
    compareText(nameOf(left, groupBy), nameOf(right, groupBy))
  )
}

function compareTime(left: UsageGroupTotals, right: UsageGroupTotals): number {
  return (
    compareText(left.group.day ?? '', right.group.day ?? '') ||
    compareText(left.group.hour ?? '', right.group.hour ?? '')
  )
}

function nameOf(entry: UsageGroupTotals, groupBy: readonly UsageGroup[]): string {
  return groupBy.map((group) => entry.group[group] ?? '').join('\n')
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
