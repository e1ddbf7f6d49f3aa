import { describe, expect, test } from 'vitest'
import type { ChatRequest, Message } from '../../../../../gateway/chat/request.ts'
import { gemini } from '../../../../../gateway/dialects/gemini/index.ts'
import type { WriteTarget } from '../../../../../gateway/dialects/dialect.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'

const hello: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }]

function write(request: Partial<ChatRequest>, model = 'gemini-3-flash-preview', facts: ModelFacts = {}) {
  const target: WriteTarget = { provider: 'google', model, facts }
  const whole = { model: 'alias', messages: hello, stream: false, ...request }
  const { value, warnings } = (gemini.provider?.chat ?? never()).write(whole, target)
  return {
    body: JSON.parse(JSON.stringify(value)) as Record<string, unknown>,
    lost: warnings.map((one) => one.feature),
  }
}

function never(): never {
  throw new Error('the dialect has no chat')
}

test('a bare request carries contents and nothing else', () => {
  expect(write({})).toEqual({ body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }, lost: [] })
})

test('the gateway inlines remote media before', () => {
  expect(gemini.provider?.chat?.inlinesMedia).toBe(true)
})

describe('knobs', () => {
  test.each<[string, Partial<ChatRequest>, object]>([
    ['temperature 0 stays', { temperature: 0 }, { temperature: 0 }],
    ['topP, topK', { topP: 0.9, topK: 40 }, { topP: 0.9, topK: 40 }],
    ['maxOutputTokens', { maxOutputTokens: 100 }, { maxOutputTokens: 100 }],
    ['stop', { stop: ['a', 'b'] }, { stopSequences: ['a', 'b'] }],
    ['seed', { seed: 7 }, { seed: 7 }],
    ['penalties', { presencePenalty: 0.5, frequencyPenalty: 1 }, { presencePenalty: 0.5, frequencyPenalty: 1 }],
    ['n', { count: 2 }, { candidateCount: 2 }],
    ['logprobs', { logprobs: {} }, { responseLogprobs: true }],
    ['logprobs with alternatives', { logprobs: { top: 3 } }, { responseLogprobs: true, logprobs: 3 }],
    ['json', { output: { type: 'json' } }, { responseMimeType: 'application/json' }],
    [
      'json schema, const as enum',
      {
        output: {
          type: 'json-schema',
          name: 'answer',
          schema: {
            type: 'object',
            properties: { kind: { const: 'a' }, const: { type: 'string' }, list: { items: { anyOf: [{ const: 1 }] } } },
            additionalProperties: false,
          },
        },
      },
      {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'object',
          properties: { kind: { enum: ['a'] }, const: { type: 'string' }, list: { items: { anyOf: [{ enum: [1] }] } } },
          additionalProperties: false,
        },
      },
    ],
  ])('%s', (_name, request, config) => {
    expect(write(request)).toEqual({ body: { contents: expect.anything(), generationConfig: config }, lost: [] })
  })

  test('text output adds nothing', () => {
    expect(write({ output: { type: 'text' } }).body).not.toHaveProperty('generationConfig')
  })

  test.each<[string, Partial<ChatRequest>, string, ModelFacts, object | undefined, string[]]>([
    [
      'more than five stops',
      { stop: ['1', '2', '3', '4', '5', '6'] },
      'gemini-3-flash',
      {},
      { stopSequences: ['1', '2', '3', '4', '5'] },
      ['stop'],
    ],
    ['a 64-bit seed', { seed: 2 ** 40 }, 'gemini-3-flash', {}, undefined, ['seed']],
    [
      'penalties of 2.5',
      { presencePenalty: 1, frequencyPenalty: 0 },
      'gemini-2.5-flash',
      {},
      undefined,
      ['presence_penalty'],
    ],
    ['penalties of 3.6', { frequencyPenalty: 1 }, 'gemini-3.6-flash', {}, undefined, ['frequency_penalty']],
    ['penalties of 2.0 are taken', { frequencyPenalty: 1 }, 'gemini-2.0-flash', {}, { frequencyPenalty: 1 }, []],
    [
      'too many tokens',
      { maxOutputTokens: 9000 },
      'gemini-3-flash',
      { maxOutputTokens: 8192 },
      { maxOutputTokens: 8192 },
      ['max_tokens'],
    ],
    ['few tokens', { maxOutputTokens: 10 }, 'gemini-3-flash', { maxOutputTokens: 8192 }, { maxOutputTokens: 10 }, []],
    [
      'no sampling',
      { temperature: 0, topP: 1, topK: 1 },
      'gemini-4-flash',
      { sampling: false },
      undefined,
      ['temperature', 'top_p', 'top_k'],
    ],
    ['no parallel calls', { parallelToolCalls: false }, 'gemini-3-flash', {}, undefined, ['parallel_tool_calls']],
    ['parallel calls', { parallelToolCalls: true }, 'gemini-3-flash', {}, undefined, []],
    ['verbosity, user', { verbosity: 'low', user: 'me' }, 'gemini-3-flash', {}, undefined, ['verbosity', 'user']],
    [
      'what the client dialect did not carry',
      { uncarried: ['logit_bias', 'store'] },
      'gemini-3-flash',
      {},
      undefined,
      ['logit_bias', 'store'],
    ],
  ])('%s', (...[, request, model, facts, config, lost]) => {
    const written = write(request, model, facts)
    expect(written.body['generationConfig']).toEqual(config)
    expect(written.lost).toEqual(lost)
  })

  test.each([
    ['auto', undefined, []],
    ['default', 'standard', []],
    ['standard_only', 'standard', []],
    ['flex', 'flex', []],
    ['PRIORITY', 'priority', []],
    ['scale', undefined, ['service_tier']],
  ])('service tier %s', (serviceTier, expected, lost) => {
    const written = write({ serviceTier })
    expect(written.body['serviceTier']).toBe(expected)
    expect(written.lost).toEqual(lost)
  })

  test('the description of a schema stands in it', () => {
    const { body } = write({
      output: { type: 'json-schema', name: 'x', schema: { type: 'object' }, description: 'A.' },
    })
    expect(body['generationConfig']).toMatchObject({ responseJsonSchema: { type: 'object', description: 'A.' } })
  })

  test('cache marks, image detail and names are reported once each', () => {
    const { lost } = write({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'a', cacheControl: {} }] },
        {
          role: 'user',
          name: 'ann',
          parts: [
            { type: 'text', text: 'b', cacheControl: { ttl: '1h' } },
            { type: 'image', detail: 'low', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
          ],
        },
      ],
    })
    expect(lost).toEqual(['cache_control', 'detail', 'name'])
  })
})

describe('thinking', () => {
  test.each<[string, ChatRequest['reasoning'], object | undefined, string[]]>([
    ['gemini-3-flash-preview', { effort: 'none' }, { thinkingLevel: 'MINIMAL' }, []],
    ['gemini-3-flash-preview', { effort: 'minimal' }, { thinkingLevel: 'MINIMAL', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { effort: 'low' }, { thinkingLevel: 'LOW', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { effort: 'medium' }, { thinkingLevel: 'MEDIUM', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { effort: 'high', visible: false }, { thinkingLevel: 'HIGH' }, []],
    [
      'gemini-3-flash-preview',
      { effort: 'max' },
      { thinkingLevel: 'HIGH', includeThoughts: true },
      ['reasoning_effort'],
    ],
    ['gemini-3-flash-preview', { budgetTokens: 0 }, { thinkingLevel: 'MINIMAL' }, []],
    ['gemini-3-flash-preview', { budgetTokens: 2000 }, { thinkingLevel: 'LOW', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { budgetTokens: 10_000 }, { thinkingLevel: 'MEDIUM', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { budgetTokens: 30_000 }, { thinkingLevel: 'HIGH', includeThoughts: true }, []],
    ['gemini-3-flash-preview', { visible: true }, { includeThoughts: true }, []],
    ['gemini-3-flash-preview', { visible: false }, undefined, []],
    ['gemini-3.1-pro-preview', { effort: 'none' }, { thinkingLevel: 'LOW' }, ['reasoning_effort']],
    ['gemini-3.1-pro-preview', { effort: 'medium' }, { thinkingLevel: 'MEDIUM', includeThoughts: true }, []],
    ['gemini-3-pro-preview', { effort: 'medium' }, { thinkingLevel: 'HIGH', includeThoughts: true }, []],
    ['gemini-3.8-flash', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }, []],
    ['gemini-3.8-flash-lite', { effort: 'minimal' }, { thinkingLevel: 'MINIMAL', includeThoughts: true }, []],
    ['gemini-flash-latest', { effort: 'high' }, { thinkingLevel: 'HIGH', includeThoughts: true }, []],
    ['models/gemini-3-flash', { effort: 'high' }, { thinkingLevel: 'HIGH', includeThoughts: true }, []],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', { adaptive: true }, { thinkingBudget: -1, includeThoughts: true }, []],
    ['gemini-3-flash', { adaptive: true }, { includeThoughts: true }, []],
    ['gemini-2.5-flash', { effort: 'low' }, { thinkingBudget: 1024, includeThoughts: true }, []],
    ['gemini-2.5-flash', { effort: 'medium' }, { thinkingBudget: 8192, includeThoughts: true }, []],
    ['gemini-2.5-flash', { effort: 'high' }, { thinkingBudget: 24_576, includeThoughts: true }, []],
    ['gemini-2.5-flash', { budgetTokens: 64_000 }, { thinkingBudget: 24_576, includeThoughts: true }, []],
    ['gemini-2.5-flash', { budgetTokens: -1 }, { thinkingBudget: -1, includeThoughts: true }, []],
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }, ['reasoning_effort']],
    ['gemini-2.5-pro', { effort: 'max' }, { thinkingBudget: 32_768, includeThoughts: true }, []],
    ['gemini-2.0-flash', { effort: 'high' }, undefined, ['reasoning_effort']],
    ['gemini-2.0-flash', { effort: 'none' }, undefined, []],
    ['gemma-3-27b-it', { effort: 'low' }, undefined, ['reasoning_effort']],
  ])('%s %j', (model, reasoning, thinkingConfig, lost) => {
    const written = write(reasoning === undefined ? {} : { reasoning }, model)
    expect(written.body['generationConfig']).toEqual(thinkingConfig === undefined ? undefined : { thinkingConfig })
    expect(written.lost).toEqual(lost)
  })

  test('a model that the facts say always thinks gets its least budget', () => {
    const { body, lost } = write({ reasoning: { effort: 'none' } }, 'gemini-2.5-flash', { thinkingAlwaysOn: true })
    expect(body['generationConfig']).toEqual({ thinkingConfig: { thinkingBudget: 1 } })
    expect(lost).toEqual(['reasoning_effort'])
  })

  test('the facts overrule the name', () => {
    const { body } = write({ reasoning: { effort: 'low' } }, 'my-tuned-model', { thinking: 'level' })
    expect(body['generationConfig']).toEqual({ thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } })
    expect(write({ reasoning: { effort: 'low' } }, 'gemini-3-flash', { thinking: 'none' }).lost).toEqual([
      'reasoning_effort',
    ])
  })
})

describe('tools', () => {
  const parameters = {
    $schema: 'x',
    type: 'object',
    additionalProperties: false,
    properties: { a: { type: 'string' } },
  }
  const tools = [{ name: 'one', description: 'first', parameters }, { name: 'two' }]

  test('declarations carry the schema whole', () => {
    expect(write({ tools }).body['tools']).toEqual([
      {
        functionDeclarations: [
          { name: 'one', description: 'first', parametersJsonSchema: parameters },
          { name: 'two', description: '' },
        ],
      },
    ])
  })

  test.each<[ChatRequest['toolChoice'], object | undefined]>([
    [undefined, undefined],
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'required', tools: ['two'] },
      { mode: 'ANY', allowedFunctionNames: ['two'] },
    ],
    [
      { type: 'tool', name: 'one' },
      { mode: 'ANY', allowedFunctionNames: ['one'] },
    ],
  ])('choice %j', (toolChoice, config) => {
    const { body } = write(toolChoice === undefined ? { tools } : { tools, toolChoice })
    expect(body['toolConfig']).toEqual(config === undefined ? undefined : { functionCallingConfig: config })
  })

  test('a free choice of a subset declares only the subset', () => {
    const { body } = write({ tools, toolChoice: { type: 'auto', tools: ['two'] } })
    expect(body['tools']).toEqual([{ functionDeclarations: [{ name: 'two', description: '' }] }])
    expect(body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'AUTO' } })
  })

  test('custom tools are functions of one text', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'x' }
    const { body, lost } = write({ tools: [{ name: 'sql', custom: { format } }] })
    expect(body['tools']).toMatchObject([
      { functionDeclarations: [{ name: 'sql', parametersJsonSchema: { required: ['input'] } }] },
    ])
    expect(lost).toEqual(['tools.sql.format'])
  })

  test('tools that Google runs', () => {
    const { body, lost } = write({
      hostedTools: [
        { kind: 'web-search', name: 'w', maxUses: 1, allowedDomains: ['a'] },
        { kind: 'web-fetch', name: 'f' },
        { kind: 'code-execution', name: 'c' },
        { name: 'x_search' },
      ],
      toolChoice: { type: 'auto' },
    })
    expect(body['tools']).toEqual([{ googleSearch: {} }, { urlContext: {} }, { codeExecution: {} }])
    expect(body).not.toHaveProperty('toolConfig')
    expect(lost).toEqual(['tools.w.max_uses', 'tools.w.allowed_domains', 'tools.x_search'])
  })

  test.each([
    ['gemini-3-flash-preview', 2, []],
    ['gemini-2.5-pro', 1, ['tools.w']],
  ])('beside functions: %s', (model, count, expected) => {
    const { body, lost } = write({ tools, hostedTools: [{ kind: 'web-search', name: 'w' }] }, model)
    expect([body['tools'], lost]).toEqual([expect.objectContaining({ length: count }), expected])
  })

  test('no tools, no toolConfig', () => {
    expect(write({ toolChoice: { type: 'none' }, tools: [] }).body).toEqual({ contents: expect.anything() })
  })

  test('strict is lost unless a call is forced', () => {
    const strict = [{ name: 'one', strict: true }]
    expect(write({ tools: strict }).lost).toEqual(['strict'])
    expect(write({ tools: strict, toolChoice: { type: 'required' } }).lost).toEqual([])
  })
})
