import type { AttemptDetail, CallDetail, CallRow } from '../../../../gateway/contract.ts'

/** An answered call; tests change what they are about. */
export function callRow(change: Partial<CallRow> = {}): CallRow {
  return {
    id: 7,
    callId: 'call-7',
    startedAt: 1_000,
    dialect: 'openai-chat',
    stream: false,
    requestedModel: 'fast',
    alias: 'fast',
    provider: 'openai',
    model: 'gpt-6-mini',
    key: 'anonymous',
    feature: null,
    outcome: 'ok',
    status: 200,
    errorCode: null,
    cache: 'MISS',
    inputTokens: 100,
    cacheReadTokens: null,
    outputTokens: 10,
    estimated: false,
    costNanoUsd: 52_000,
    savedNanoUsd: 0,
    durationMs: 500,
    firstTokenMs: 200,
    attempts: 1,
    ...change,
  }
}

export function attempt(change: Partial<AttemptDetail> = {}): AttemptDetail {
  return {
    number: 1,
    provider: 'openai',
    model: 'gpt-6-mini',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    final: true,
    startedAt: 1_000,
    durationMs: 500,
    firstTokenMs: null,
    inputTokens: 100,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    outputTokens: 10,
    reasoningTokens: null,
    estimated: false,
    costNanoUsd: 52_000,
    costLines: [],
    ...change,
  }
}

export function callDetail(change: Partial<CallDetail> = {}): CallDetail {
  return {
    call: callRow(),
    attempts: [attempt()],
    costNote: null,
    translated: null,
    warnings: [],
    cacheReason: 'The cache is off.',
    requestHeaders: null,
    responseHeaders: null,
    request: null,
    response: null,
    truncated: false,
    capture: 'off',
    ...change,
  }
}
