import type { CallRow } from '../../../gateway/contract.ts'
import { writeCsv, type CsvValue } from '../../lib/csv.ts'
import { plainUsd } from '../../lib/format.ts'

const columns: readonly (readonly [heading: string, value: (call: CallRow) => CsvValue])[] = [
  ['time', ({ startedAt }) => new Date(startedAt).toISOString()],
  ['call_id', ({ callId }) => callId],
  ['outcome', ({ outcome }) => outcome],
  ['status', ({ status }) => status],
  ['error_code', ({ errorCode }) => errorCode],
  ['key', ({ key }) => key],
  ['feature', ({ feature }) => feature],
  ['requested_model', ({ requestedModel }) => requestedModel],
  ['alias', ({ alias }) => alias],
  ['provider', ({ provider }) => provider],
  ['model', ({ model }) => model],
  ['cache', ({ cache }) => cache],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['cached_input_tokens', ({ cacheReadTokens }) => cacheReadTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['tokens_estimated', ({ estimated }) => String(estimated)],
  ['cost_usd', ({ costNanoUsd }) => money(costNanoUsd)],
  ['saved_usd', ({ savedNanoUsd }) => money(savedNanoUsd)],
  ['duration_ms', ({ durationMs }) => Math.round(durationMs)],
  ['first_token_ms', ({ firstTokenMs }) => (firstTokenMs === null ? null : Math.round(firstTokenMs))],
  ['attempts', ({ attempts }) => attempts],
  ['stream', ({ stream }) => String(stream)],
]

/** One line per call. What is not known is empty, not zero. */
export function callsCsv(calls: readonly CallRow[]): string {
  return writeCsv(
    columns.map(([heading]) => heading),
    calls.map((call) => columns.map(([, value]) => value(call))),
  )
}

function money(nanoUsd: number | null): CsvValue {
  return nanoUsd === null ? null : plainUsd(nanoUsd)
}
