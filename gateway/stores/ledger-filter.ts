import type { AttemptRow } from './ledger.ts'
import type { CallsQuery } from './ledger-reader.ts'
import type { Value } from './open-database.ts'

type Filter = CallsQuery['filter']

const outcomes: Record<NonNullable<Filter['outcome']>, readonly AttemptRow['outcome'][]> = {
  ok: ['ok'],
  failed: ['error', 'broken'],
  aborted: ['aborted'],
  refused: ['refused'],
}

/** A filter as SQL: conditions on a row of `attempts`, and what to bind to them. */
export function filterSql({ outcome, provider, model, key, cache, guarded, text }: Filter): {
  sql: string[]
  values: Value[]
} {
  const sql: string[] = []
  const values: Value[] = []
  const add = (condition: string, ...more: Value[]): void => {
    sql.push(condition)
    values.push(...more)
  }
  if (outcome !== undefined) add(`outcome IN (${outcomes[outcome].map(() => '?').join(', ')})`, ...outcomes[outcome])
  if (provider !== undefined) add('provider = ?', provider)
  if (model !== undefined) add('COALESCE(model, requested_model) = ?', model)
  if (key !== undefined) add('key = ?', key)
  if (cache !== undefined) add('cache = ?', cache)
  if (guarded === true) add('guards IS NOT NULL')
  if (text !== undefined && text !== '') {
    const like = searched.map((column) => `${column} LIKE ? ESCAPE '\\'`)
    add(`(${like.join(' OR ')})`, ...searched.map(() => likePattern(text)))
  }
  return { sql, values }
}

const searched = ['requested_model', 'model', 'alias', 'provider', 'key', 'feature', 'error_code', 'call_id']

function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}

export function passesFilter(
  row: AttemptRow,
  { outcome, provider, model, key, cache, guarded, text }: Filter,
): boolean {
  if (outcome !== undefined && !outcomes[outcome].includes(row.outcome)) return false
  if (provider !== undefined && row.provider !== provider) return false
  if (model !== undefined && (row.model ?? row.requestedModel) !== model) return false
  if (key !== undefined && row.key !== key) return false
  if (cache !== undefined && row.cache !== cache) return false
  if (guarded === true && row.guards === undefined) return false
  return text === undefined || text === '' || contains(row, text)
}

function contains(row: AttemptRow, text: string): boolean {
  const { requestedModel, key, callId, model, alias, provider, feature, errorCode } = row
  const all = [requestedModel, model, alias, provider, key, feature, errorCode, callId]
  const wanted = text.toLowerCase()
  return all.some((part) => part?.toLowerCase().includes(wanted))
}
