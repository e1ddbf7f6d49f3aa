import { describe, expect, test } from 'vitest'
import type { AttemptEnd, CallEnd, TracedTarget } from '../../../gateway/telemetry/call-trace.ts'
import { genAiNames, operationOf, wantsLatest } from '../../../gateway/telemetry/gen-ai-names.ts'
import * as about from '../../../gateway/telemetry/otel-attributes.ts'

const names = genAiNames(false).attributes

function target(more: { origin?: string; row?: TracedTarget['provider']['row']; dialect?: string } = {}): TracedTarget {
  const { origin = 'https://api.openai.com', row = { id: 'openai' }, dialect = 'openai-chat' } = more
  return { model: 'm', dialect: { id: dialect }, endpoint: { origin }, provider: { name: 'mine', row } }
}

const nothing = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  reasoning: undefined,
}

function attempt(more: Partial<AttemptEnd> = {}): AttemptEnd {
  return {
    number: 1,
    target: target(),
    startedAt: 0,
    durationMs: 10,
    firstTokenMs: 5,
    stream: false,
    isFinal: true,
    outcome: 'ok',
    status: 200,
    errorCode: undefined,
    tokens: { ...nothing, inputAudio: undefined, outputAudio: undefined, estimated: false },
    costNanoUsd: undefined,
    request: {},
    response: {},
    content: {},
    ...more,
  }
}

describe('who is asked', () => {
  test.each<[Parameters<typeof target>[0], object]>([
    [{}, { 'gen_ai.provider.name': 'openai', 'server.address': 'api.openai.com', 'server.port': 443 }],
    [{ origin: 'http://127.0.0.1:8000' }, { 'server.address': '127.0.0.1', 'server.port': 8000 }],
    [{ origin: 'http://box' }, { 'server.address': 'box', 'server.port': 80 }],
    [{ row: { id: 'google', genAiName: 'gcp.gemini' } }, { 'gen_ai.provider.name': 'gcp.gemini' }],
    [{ row: { id: 'openrouter' } }, { 'gen_ai.provider.name': 'openrouter' }],
  ])('%j', (more, expected) => {
    expect(about.targetAttributes(target(more), names)).toMatchObject(expected)
  })

  test('the demo has no address', () => {
    expect(about.targetAttributes(target({ origin: 'demo:' }), names)).not.toHaveProperty(['server.port'])
  })

  test.each([
    ['openai-responses', 'chat'],
    ['gemini', 'generate_content'],
    ['gemini-batch-embed', 'embeddings'],
    ['rerank', 'rerank'],
    ['some-new-dialect', 'some_new_dialect'],
  ])('%s is the operation %s', (dialect, operation) => {
    expect(operationOf(dialect)).toBe(operation)
  })
})

describe('error.type', () => {
  test.each<[Partial<AttemptEnd>, string | undefined]>([
    [{}, undefined],
    [{ outcome: 'error', status: 429, errorCode: 'rate_limit_exceeded' }, 'rate_limit_exceeded'],
    [{ outcome: 'error', status: 500 }, '500'],
    [{ outcome: 'error', status: 500, errorCode: 'The plan of Ann is secret' }, '500'],
    [{ outcome: 'error', status: undefined }, '_OTHER'],
    [{ outcome: 'broken', status: 200, errorCode: 'stream_truncated' }, 'stream_truncated'],
    [{ outcome: 'broken', status: 200 }, '_OTHER'],
    [{ outcome: 'aborted', status: 200 }, 'client_closed_request'],
  ])('%j: %s', (more, expected) => {
    expect(about.attemptError(attempt(more))).toBe(expected)
  })

  test.each<[Partial<CallEnd>, boolean]>([
    [{ status: 200 }, false],
    [{ status: 404, errorCode: 'model_not_found' }, false],
    [{ status: 499, errorCode: 'client_closed_request' }, false],
    [{ status: 502, errorCode: 'upstream_error' }, true],
    [{ status: 200, errorCode: 'stream_truncated' }, true],
  ])('a server’s error is %j: %s', (more, expected) => {
    expect(about.isServerError({ errorCode: undefined, ...more } as CallEnd)).toBe(expected)
  })
})

test('the first chunk is of streams only, 0 is no absence, and unknown is absent', () => {
  expect(about.firstChunkSeconds(attempt())).toBeUndefined()
  expect(about.firstChunkSeconds(attempt({ stream: true }))).toBe(0.005)
  const tokens = { ...attempt().tokens, input: 7, output: 0 }
  const attributes = about.attemptEndAttributes(attempt({ tokens, costNanoUsd: 0 }), names)
  expect(attributes).toMatchObject({
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 0,
    'llm_gateway.cost_usd': 0,
  })
  expect(attributes['gen_ai.usage.cache_read.input_tokens']).toBeUndefined()
  expect(about.attemptEndAttributes(attempt(), names)['llm_gateway.cost_usd']).toBeUndefined()
})

test('the switch to the unreleased conventions is one of a list', () => {
  expect(wantsLatest({})).toBe(false)
  expect(wantsLatest({ OTEL_SEMCONV_STABILITY_OPT_IN: 'http' })).toBe(false)
  expect(wantsLatest({ OTEL_SEMCONV_STABILITY_OPT_IN: 'http, gen_ai_latest_experimental' })).toBe(true)
  expect(genAiNames(true).attributes.cacheWriteTokens).toBe('gen_ai.usage.cache_write.input_tokens')
  expect(names.cacheWriteTokens).toBe('gen_ai.usage.cache_creation.input_tokens')
})
