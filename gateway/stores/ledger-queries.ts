import type { UsageQuery, UsageReport, UsageGroup, UsageGroupTotals, UsageTotals } from './ledger.ts'
import { filterSql } from './ledger-filter.ts'
import { latencyReport } from './ledger-latency.ts'
import type {
  CallRecord,
  CallsQuery,
  CallSummary,
  Capture,
  HourRow,
  HoursQuery,
  LatencyReport,
} from './ledger-reader.ts'
import type { HoursSpan } from './ledger-message.ts'
import { readRow } from './ledger-row.ts'
import type { Database, Value } from './open-database.ts'
import { columnOf, emptyTotals, hourMs, totalNames } from './roll-up.ts'
import { groupLabel, hoursOf, makeReport } from './usage-report.ts'

type Row = Record<string, Value>

/** The ledger's questions in SQL, synchronous: belongs in a thread of its own. */
export class LedgerQueries {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  usage(query: UsageQuery): UsageReport {
    const groupBy = [...new Set(query.groupBy ?? [])]
    const { first, end } = hoursOf(query)
    const rows = this.#all(usageSql(groupBy), first, end)
    return makeReport(
      rows.map((row) => readGroup(row, groupBy)),
      groupBy,
    )
  }

  /** undefined: there are no calls. */
  span(): HoursSpan | undefined {
    const [row] = this.#all(spanSql)
    if (row === undefined || row['first'] === null) return undefined
    return { from: Number(row['first']) * hourMs, to: (Number(row['last']) + 1) * hourMs }
  }

  hours({ from, to, by }: HoursQuery): HourRow[] {
    const { first, end } = hoursOf({ from, to })
    const rows = this.#all(hoursSql(by), first, end)
    return rows.map((row) => {
      const name = by === undefined || row['name'] === '' ? null : (row['name'] as string)
      return { hour: Number(row['hour']), name, ...readTotals(row) }
    })
  }

  calls({ limit, before, filter }: CallsQuery): { calls: CallSummary[]; hasMore: boolean } {
    const { sql, values } = filterSql(filter)
    const conditions = ['final = 1', ...(before === undefined ? [] : ['(started_at, id) < (?, ?)']), ...sql]
    const cursor = before === undefined ? [] : [before.startedAt, before.id]
    const rows = this.#all(callsSql(conditions), ...cursor, ...values, limit + 1)
    return { calls: rows.slice(0, limit).map(readSummary), hasMore: rows.length > limit }
  }

  call(callId: string): CallRecord | undefined {
    const attempts = this.#all('SELECT * FROM attempts WHERE call_id = ? ORDER BY attempt, id', callId)
    if (attempts.length === 0) return undefined
    const [captured] = this.#all('SELECT json FROM captures WHERE call_id = ?', callId)
    const capture = captured === undefined ? undefined : (JSON.parse(captured['json'] as string) as Capture)
    return { attempts: attempts.map(readRow), capture }
  }

  latency(edges: readonly number[]): LatencyReport {
    const [row] = this.#all(latencySql, edges[0] ?? 0, edges.at(-1) ?? 0)
    const list = (name: string): number[] => JSON.parse(`[${row?.[name] ?? ''}]`) as number[]
    const calls = { startedAt: list('starts'), durationMs: list('durations'), firstTokenMs: list('first_tokens') }
    return latencyReport(calls, edges)
  }

  names(): { providers: string[]; models: string[]; keys: string[] } {
    const [oldest] = this.#all('SELECT MIN(started_at) AS started_at FROM attempts')
    const first = Math.floor(Number(oldest?.['started_at'] ?? 0) / hourMs)
    const distinct = (column: string): string[] =>
      this.#all(namesSql(column), first).map((row) => row['name'] as string)
    return { providers: distinct('provider'), models: distinct('model'), keys: distinct('key') }
  }

  #all(sql: string, ...values: Value[]): Row[] {
    return this.#database.prepare(sql).all(...values) as Row[]
  }
}

/** As three lists in text: a row of its own for each of 100,000 calls takes twice as long. Order does not matter. */
const latencySql = `SELECT group_concat(started_at) AS starts, group_concat(duration_ms) AS durations,
  group_concat(IFNULL(first_token_ms, -1)) AS first_tokens
  FROM attempts WHERE final = 1 AND outcome = 'ok' AND attempt > 0 AND started_at >= ? AND started_at < ?`

/** The page is cut first: money and attempts are looked up for its calls only. */
function callsSql(conditions: readonly string[]): string {
  return `SELECT page.*,
    (SELECT COUNT(*) FROM attempts a WHERE a.call_id = page.call_id AND a.attempt > 0) AS attempts,
    (SELECT CASE WHEN COUNT(*) = COUNT(cost_nano_usd) THEN SUM(cost_nano_usd) END
      FROM attempts a WHERE a.call_id = page.call_id) AS call_cost
    FROM (SELECT * FROM attempts WHERE ${conditions.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ?) AS page
    ORDER BY started_at DESC, id DESC`
}

function readSummary(row: Row): CallSummary {
  const columns = { ...row, cost_nano_usd: row['call_cost'] ?? null }
  return { ...readRow(columns), id: Number(row['id']), attempts: Number(row['attempts']) }
}

function namesSql(column: string): string {
  return `SELECT DISTINCT ${column} AS name FROM usage_hours WHERE hour >= ? AND ${column} <> '' ORDER BY 1`
}

/** SUM is exact in 64 bits; read as REAL, because a sum over 2^53 (9 million USD) would be refused as a number. */
const sums = totalNames.map((name) => `CAST(SUM(${columnOf(name)}) AS REAL) AS ${columnOf(name)}`).join(', ')

function usageSql(groupBy: readonly UsageGroup[]): string {
  const groups = groupBy.map((group) => `${group === 'day' ? 'hour / 24' : group} AS "group_${group}"`)
  const clause = groupBy.length === 0 ? '' : `GROUP BY ${groupBy.map((_, index) => index + 1).join(', ')}`
  return `SELECT ${[...groups, sums].join(', ')} FROM usage_hours WHERE hour >= ? AND hour < ? ${clause}`
}

const spanSql = `SELECT (SELECT MIN(hour) FROM usage_hours) AS first, (SELECT MAX(hour) FROM usage_hours) AS last`

function hoursSql(by: HoursQuery['by']): string {
  return `SELECT hour, ${by ?? "''"} AS name, ${sums} FROM usage_hours WHERE hour >= ? AND hour < ?
    GROUP BY 1, 2 ORDER BY 1, 2`
}

function readGroup(row: Row, groupBy: readonly UsageGroup[]): UsageGroupTotals {
  const group: UsageGroupTotals['group'] = {}
  for (const name of groupBy) group[name] = groupLabel(name, row[`group_${name}`] ?? '')
  return { ...readTotals(row), group }
}

function readTotals(row: Row): UsageTotals {
  const totals = emptyTotals()
  for (const name of totalNames) totals[name] = Number(row[columnOf(name)] ?? 0)
  return totals
}
