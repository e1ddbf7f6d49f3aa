import type { AttemptDetail } from '../contract.ts'
import type { AttemptRow } from '../stores/ledger.ts'

/** A row of the ledger as the window is told; `null` where the row has nothing. */
export function attemptDetail(row: AttemptRow, costLines: AttemptDetail['costLines']): AttemptDetail {
  return {
    number: row.attempt,
    provider: row.provider ?? null,
    model: row.model ?? null,
    outcome: row.outcome,
    status: row.status ?? null,
    errorCode: row.errorCode ?? null,
    final: row.final,
    startedAt: row.startedAt,
    durationMs: row.durationMs,
    firstTokenMs: row.firstTokenMs ?? null,
    inputTokens: row.inputTokens ?? null,
    cacheReadTokens: row.cacheReadTokens ?? null,
    cacheWriteTokens: row.cacheWriteTokens ?? null,
    outputTokens: row.outputTokens ?? null,
    reasoningTokens: row.reasoningTokens ?? null,
    estimated: row.estimated,
    costNanoUsd: row.costNanoUsd ?? null,
    costLines,
  }
}
