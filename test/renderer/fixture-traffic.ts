import type { AttemptDetail, CallDetail, CallRow } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

/** provider, model, alias, price per 1M in and out */
const targets = [
  ['anthropic', 'claude-sonnet-5', 'smart', 3, 15],
  ['openai', 'gpt-6-sol', 'smart', 2.5, 12],
  ['anthropic', 'claude-opus-5', null, 5, 25],
  ['gemini', 'gemini-3-pro', null, 2, 12],
  ['openai', 'gpt-6-mini', 'fast', 0.36, 1.6],
  ['groq', 'llama-5-70b', 'fast', 0.6, 0.8],
  ['ollama', 'qwen3-coder:30b', null, 0, 0],
] as const

const keys = ['claude-code', 'codex', 'zed', 'local'] as const
const dialects = ['anthropic-messages', 'openai-responses', 'openai-chat', 'openai-chat'] as const
const failures = [
  ['error', 429, 'rate_limit_exceeded'],
  ['error', 529, 'overloaded_error'],
  ['broken', 200, 'upstream_invalid_response'],
  ['aborted', 499, 'client_closed_request'],
  ['refused', 401, 'invalid_api_key'],
] as const

function fixtureCall(index: number, now: number): CallRow {
  const [provider, model, alias, inputPrice, outputPrice] = targets[(index * 5) % targets.length] ?? targets[0]
  const key = (index * 7) % keys.length
  const failure = index % 13 === 6 ? failures[Math.floor(index / 13) % failures.length] : undefined
  const isHit = failure === undefined && index % 6 === 3
  const inputTokens = 400 + ((index * 7_919) % 26_000)
  const cacheReadTokens = index % 3 === 0 ? 0 : Math.floor(inputTokens * 0.8)
  const outputTokens = 40 + ((index * 613) % 1_900)
  const spent = Math.round((inputTokens - cacheReadTokens * 0.9) * inputPrice * 1e3 + outputTokens * outputPrice * 1e3)
  const durationMs = isHit ? 2 + (index % 4) : 700 + outputTokens * 9 + ((index * 37) % 400)
  const isRefused = failure?.[0] === 'refused'
  return {
    id: 100_000 - index,
    callId: `req_01JDXK${(4096 - index).toString(36).toUpperCase().padStart(6, '0')}`,
    startedAt: now - 4_000 - index * 41_000 - ((index * 7_001) % 30_000),
    dialect: dialects[key] ?? 'openai-chat',
    stream: index % 4 !== 1,
    requestedModel: alias ?? model,
    alias,
    provider: isRefused ? null : provider,
    model: isRefused ? null : model,
    key: keys[key] ?? 'local',
    feature: index % 5 === 0 ? 'review' : null,
    outcome: failure?.[0] ?? 'ok',
    status: failure?.[1] ?? 200,
    errorCode: failure?.[2] ?? null,
    cache: isHit ? 'HIT' : index % 5 === 0 ? 'BYPASS' : 'MISS',
    inputTokens: isRefused ? null : inputTokens,
    cacheReadTokens: isRefused ? null : cacheReadTokens,
    outputTokens: isRefused || failure?.[0] === 'error' ? null : outputTokens,
    estimated: failure?.[0] === 'aborted',
    costNanoUsd: isHit || isRefused || failure?.[0] === 'error' ? 0 : spent,
    savedNanoUsd: isHit ? spent : 0,
    similarity: null,
    sourceCallId: null,
    guards: [],
    durationMs,
    firstTokenMs: isRefused || failure?.[0] === 'error' ? null : isHit ? 1 : 280 + ((index * 53) % 700),
    attempts: isRefused || isHit ? 0 : index % 11 === 4 ? 3 : 1,
  }
}

const count = 400

function attemptOf(call: CallRow, number: number): AttemptDetail {
  const isFinal = number === call.attempts
  const input = call.inputTokens ?? 0
  const cached = call.cacheReadTokens ?? 0
  const output = call.outputTokens ?? 0
  const text = `${input.toLocaleString('en-US')} prompt - ${cached.toLocaleString('en-US')} cached = ${(input - cached).toLocaleString('en-US')} x $3 / 1M = $${(((input - cached) * 3) / 1e6).toFixed(6)}`
  return {
    number,
    provider: isFinal ? call.provider : 'groq',
    model: isFinal ? call.model : 'llama-5-70b',
    outcome: isFinal ? call.outcome : 'error',
    status: isFinal ? call.status : 429,
    errorCode: isFinal ? call.errorCode : 'rate_limit_exceeded',
    final: isFinal,
    startedAt: call.startedAt + (number - 1) * 350,
    durationMs: isFinal ? Math.max(1, call.durationMs - (number - 1) * 350) : 180,
    firstTokenMs: isFinal ? call.firstTokenMs : null,
    inputTokens: isFinal ? call.inputTokens : null,
    cacheReadTokens: isFinal ? call.cacheReadTokens : null,
    cacheWriteTokens: null,
    outputTokens: isFinal ? call.outputTokens : null,
    reasoningTokens: null,
    estimated: call.estimated,
    costNanoUsd: isFinal ? call.costNanoUsd : 0,
    costLines:
      !isFinal || call.outcome !== 'ok'
        ? []
        : [
            { label: 'prompt', tokens: input - cached, usdPerMillion: 3, costNanoUsd: (input - cached) * 3_000, text },
            {
              label: 'cached prompt',
              tokens: cached,
              usdPerMillion: 0.3,
              costNanoUsd: cached * 300,
              text: `${cached.toLocaleString('en-US')} cached x $0.30 / 1M = $${((cached * 0.3) / 1e6).toFixed(6)}`,
            },
            {
              label: 'output',
              tokens: output,
              usdPerMillion: 15,
              costNanoUsd: output * 15_000,
              text: `${output.toLocaleString('en-US')} output x $15 / 1M = $${((output * 15) / 1e6).toFixed(6)}`,
            },
          ],
  }
}

function detailOf(call: CallRow): CallDetail {
  const isKept = call.id > 99_900
  return {
    call,
    attempts: Array.from({ length: Math.max(1, call.attempts) }, (_, index) =>
      attemptOf({ ...call, attempts: Math.max(1, call.attempts) }, index + 1),
    ),
    costNote: null,
    translated: call.id % 4 === 0 ? { from: call.dialect, to: 'anthropic-messages' } : null,
    warnings: isKept
      ? call.id % 4 === 0
        ? ['frequency_penalty is not known to anthropic-messages and was left out']
        : []
      : null,
    cacheReason:
      call.cache === 'HIT'
        ? 'An identical request was answered 12 minutes ago.'
        : call.cache === 'MISS'
          ? 'No identical request was answered within the last hour.'
          : 'The request has a temperature above 0, so its answer is not kept.',
    requestHeaders: isKept
      ? [
          ['host', '127.0.0.1:8080'],
          ['authorization', 'Bearer [redacted]'],
          ['content-type', 'application/json'],
          ['user-agent', 'claude-cli/3.1.0'],
        ]
      : null,
    responseHeaders: isKept
      ? [
          ['content-type', 'text/event-stream; charset=utf-8'],
          ['x-cache', call.cache],
          ['x-gateway-provider', call.provider ?? ''],
          ['x-gateway-request-id', call.callId],
        ]
      : null,
    request: isKept
      ? JSON.stringify({
          model: call.requestedModel,
          stream: call.stream,
          messages: [{ role: 'user', content: 'Explain what this function does, in two sentences.' }],
        })
      : null,
    response:
      isKept && call.outcome === 'ok'
        ? 'data: {"choices":[{"delta":{"content":"It reads the ledger"}}]}\n\ndata: [DONE]\n\n'
        : null,
    truncated: false,
    capture: 'all',
  }
}

export function fixtureTraffic(mood: FixtureMood, now: number): FixtureAnswers {
  const calls = mood === 'empty' ? [] : Array.from({ length: count }, (_, index) => fixtureCall(index, now))
  const matches = (wanted: string | undefined, found: string | null) => wanted === undefined || wanted === found
  const outcomes = { ok: ['ok'], failed: ['error', 'broken'], aborted: ['aborted'], refused: ['refused'] }
  return {
    'traffic.list': ({ limit, before, filter }) => {
      const fitting = calls.filter(
        (call) =>
          (before === undefined || call.id < before.id) &&
          (filter.outcome === undefined || outcomes[filter.outcome].includes(call.outcome)) &&
          matches(filter.provider, call.provider) &&
          matches(filter.model, call.model) &&
          matches(filter.key, call.key) &&
          matches(filter.cache, call.cache) &&
          JSON.stringify(call)
            .toLowerCase()
            .includes((filter.text ?? '').toLowerCase()),
      )
      return { calls: fitting.slice(0, limit), hasMore: fitting.length > limit }
    },
    'traffic.get': ({ callId }) => detailOf(calls.find((call) => call.callId === callId) ?? fixtureCall(0, now)),
    'traffic.names': () => ({
      providers: [...new Set(calls.flatMap(({ provider }) => provider ?? []))].sort(),
      models: [...new Set(calls.flatMap(({ model }) => model ?? []))].sort(),
      keys: [...new Set(calls.map(({ key }) => key))].sort(),
    }),
  }
}
