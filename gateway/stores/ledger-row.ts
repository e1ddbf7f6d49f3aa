import { given } from '../chat/given.ts'
import { parseJson } from '../chat/json.ts'
import { cacheOutcomes, type AttemptRow } from './ledger.ts'
import type { Value } from './open-database.ts'
import type { CountedAttempt } from './roll-up.ts'

/** The columns of `attempts`, in the order in which `packRow` writes a row's values. */
export const attemptColumns = [
  'call_id',
  'attempt',
  'final',
  'started_at',
  'dialect',
  'stream',
  'requested_model',
  'alias',
  'provider',
  'model',
  'key',
  'feature',
  'user_id',
  'outcome',
  'status',
  'error_code',
  'cache',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'estimated',
  'cost_nano_usd',
  'saved_nano_usd',
  'duration_ms',
  'first_token_ms',
  'similarity',
  'source_call_id',
  'guards',
] as const

/** How many there were before the last three came: a journal left by that gateway has rows of so many values. */
const formerWidth = 27

export const rowWidth = attemptColumns.length

/** Rows as one flat array: the shortest form in the journal, and cheap to make. */
export function packRow(row: AttemptRow, into: Value[]): void {
  into.push(
    row.callId,
    whole(row.attempt) ?? 0,
    row.final ? 1 : 0,
    whole(row.startedAt) ?? 0,
    row.dialect,
    row.stream ? 1 : 0,
    clip(row.requestedModel) ?? '',
    row.alias ?? null,
    row.provider ?? null,
    clip(row.model),
    row.key,
    clip(row.feature),
    clip(row.userId),
    row.outcome,
    whole(row.status),
    clip(row.errorCode),
    row.cache,
    whole(row.inputTokens),
    whole(row.cacheReadTokens),
    whole(row.cacheWriteTokens),
    whole(row.outputTokens),
    whole(row.reasoningTokens),
    row.estimated ? 1 : 0,
    whole(row.costNanoUsd),
    whole(row.savedNanoUsd),
    finite(row.durationMs) ?? 0,
    finite(row.firstTokenMs),
    finite(row.similarity),
    row.sourceCallId ?? null,
    row.guards === undefined ? null : JSON.stringify(row.guards),
  )
}

type ColumnName = (typeof attemptColumns)[number]

const column = Object.fromEntries(attemptColumns.map((name, index) => [name, index])) as Record<ColumnName, number>

/** What the roll-ups count, read back from a packed row. */
export function unpackCounted(values: readonly Value[], offset: number): CountedAttempt {
  const text = (index: number): string | null => values[offset + index] as string | null
  const number = (index: number): number | null => values[offset + index] as number | null
  return {
    final: number(column.final) === 1,
    startedAt: number(column.started_at) ?? 0,
    requestedModel: text(column.requested_model) ?? '',
    alias: text(column.alias),
    provider: text(column.provider),
    model: text(column.model),
    key: text(column.key) ?? '',
    feature: text(column.feature),
    outcome: text(column.outcome) as AttemptRow['outcome'],
    cache: text(column.cache) as AttemptRow['cache'],
    inputTokens: number(column.input_tokens),
    cacheReadTokens: number(column.cache_read_tokens),
    cacheWriteTokens: number(column.cache_write_tokens),
    outputTokens: number(column.output_tokens),
    reasoningTokens: number(column.reasoning_tokens),
    estimated: number(column.estimated) === 1,
    costNanoUsd: number(column.cost_nano_usd),
    savedNanoUsd: number(column.saved_nano_usd),
  }
}

/** A row of `attempts` by its columns' names: NULL becomes "not told". */
export function readRow(columns: Readonly<Record<string, Value>>): AttemptRow {
  const text = (name: ColumnName): string => columns[name] as string
  const number = (name: ColumnName): number => columns[name] as number
  const toldText = (name: ColumnName): string | undefined => (columns[name] ?? undefined) as string | undefined
  const toldNumber = (name: ColumnName): number | undefined => (columns[name] ?? undefined) as number | undefined
  return {
    callId: text('call_id'),
    attempt: number('attempt'),
    final: number('final') === 1,
    startedAt: number('started_at'),
    dialect: text('dialect'),
    stream: number('stream') === 1,
    requestedModel: text('requested_model'),
    key: text('key'),
    outcome: text('outcome') as AttemptRow['outcome'],
    cache: text('cache') as AttemptRow['cache'],
    estimated: number('estimated') === 1,
    durationMs: number('duration_ms'),
    ...given({
      alias: toldText('alias'),
      provider: toldText('provider'),
      model: toldText('model'),
      feature: toldText('feature'),
      userId: toldText('user_id'),
      status: toldNumber('status'),
      errorCode: toldText('error_code'),
      inputTokens: toldNumber('input_tokens'),
      cacheReadTokens: toldNumber('cache_read_tokens'),
      cacheWriteTokens: toldNumber('cache_write_tokens'),
      outputTokens: toldNumber('output_tokens'),
      reasoningTokens: toldNumber('reasoning_tokens'),
      costNanoUsd: toldNumber('cost_nano_usd'),
      savedNanoUsd: toldNumber('saved_nano_usd'),
      firstTokenMs: toldNumber('first_token_ms'),
      similarity: toldNumber('similarity'),
      sourceCallId: toldText('source_call_id'),
      guards: readGuards(toldText('guards')),
    }),
  }
}

/** Rows of this gateway's width, from those of a former one too; undefined: they are no rows. */
export function currentRows(values: Value[]): Value[] | undefined {
  if (haveWidth(values, rowWidth)) return values
  if (!haveWidth(values, formerWidth)) return undefined
  const rows: Value[] = []
  for (let offset = 0; offset < values.length; offset += formerWidth) {
    rows.push(...values.slice(offset, offset + formerWidth), ...missingColumns)
  }
  return rows
}

const missingColumns: readonly Value[] = attemptColumns.slice(formerWidth).map(() => null)

function haveWidth(values: readonly Value[], width: number): boolean {
  if (values.length % width !== 0) return false
  for (let offset = 0; offset < values.length; offset += width) {
    const cache = values[offset + column.cache]
    if (!cacheOutcomes.some((known) => known === cache)) return false
  }
  return true
}

function readGuards(text: string | undefined): AttemptRow['guards'] {
  return text === undefined ? undefined : (parseJson(text) as unknown as AttemptRow['guards'])
}

/** Names come from clients: a megabyte in `metadata.feature` must not become a megabyte per row. */
const longestName = 256

function clip(text: string | undefined): string | null {
  if (text === undefined) return null
  return text.length > longestName ? text.slice(0, longestName) : text
}

/** STRICT columns refuse a fraction, and one refused row would fail the whole batch. */
function whole(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value)
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value
}
