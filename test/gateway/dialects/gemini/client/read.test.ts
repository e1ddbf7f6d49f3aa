import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { readGemini } from '../../../../../gateway/dialects/gemini/client/read.ts'
import { hello, read, refusal } from './reading.ts'

test('model and stream are what the URL says', () => {
  const { value } = readGemini({ model: 'models/other', contents: hello }, { model: 'llama3:8b', stream: true })
  expect(value).toEqual({
    model: 'llama3:8b',
    stream: true,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  })
})

const knobs: [name: string, config: JsonObject, expected: Partial<ChatRequest>][] = [
  ['maxOutputTokens', { maxOutputTokens: 9 }, { maxOutputTokens: 9 }],
  ['max_output_tokens', { max_output_tokens: 9 }, { maxOutputTokens: 9 }],
  ['temperature', { temperature: 0 }, { temperature: 0 }],
  ['topP, topK', { topP: 0.95, topK: 64 }, { topP: 0.95, topK: 64 }],
  ['top_p, top_k', { top_p: 0.5, top_k: 4 }, { topP: 0.5, topK: 4 }],
  ['stopSequences', { stopSequences: ['END'] }, { stop: ['END'] }],
  ['no stopSequences', { stopSequences: [] }, {}],
  ['seed', { seed: 7 }, { seed: 7 }],
  ['penalties', { presencePenalty: 1, frequency_penalty: 0.5 }, { presencePenalty: 1, frequencyPenalty: 0.5 }],
  ['candidateCount', { candidateCount: 2 }, { count: 2 }],
  ['responseLogprobs', { responseLogprobs: true, logprobs: 3 }, { logprobs: { top: 3 } }],
  ['logprobs alone', { logprobs: 3 }, {}],
  ['null is absent', { temperature: null, stopSequences: null, thinkingConfig: null }, {}],
  ['JSON', { responseMimeType: 'application/json' }, { output: { type: 'json' } }],
  ['text', { responseMimeType: 'text/plain' }, {}],
  [
    'responseSchema',
    { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } },
    {
      output: {
        type: 'json-schema',
        name: 'response',
        schema: { type: 'object', properties: { a: { type: 'string' } } },
      },
    },
  ],
  [
    'response_json_schema, as it is',
    { response_mime_type: 'application/json', response_json_schema: { type: 'object', additionalProperties: false } },
    {
      output: { type: 'json-schema', name: 'response', schema: { type: 'object', additionalProperties: false } },
    },
  ],
  [
    'an enum as text',
    { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a'] } },
    { uncarried: ['generationConfig.responseMimeType'] },
  ],
  ['responseModalities: text', { responseModalities: ['TEXT'] }, {}],
  [
    'responseModalities: image',
    { responseModalities: ['TEXT', 'IMAGE'] },
    { uncarried: ['generationConfig.responseModalities'] },
  ],
  ['what is new', { brandNew: 1, speechConfig: {} }, { uncarried: ['generationConfig.brandNew'] }],
]

test.each(knobs)('generationConfig: %s', (_name, generationConfig, expected) => {
  const { messages: _m, model: _n, stream: _s, ...rest } = read({ generationConfig }).value
  expect(rest).toEqual(expected)
})

const thinking: [name: string, config: JsonObject, expected: Partial<ChatRequest>][] = [
  ['Gemini CLI', { includeThoughts: true }, { reasoning: { visible: true } }],
  ['Qwen', { includeThoughts: true, thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, { reasoning: { visible: true } }],
  ['opencode', { includeThoughts: true, thinkingLevel: 'low' }, { reasoning: { visible: true, effort: 'low' } }],
  ['level', { thinking_level: 'HIGH' }, { reasoning: { visible: false, effort: 'high' } }],
  ['budget', { thinkingBudget: 1024 }, { reasoning: { visible: false, budgetTokens: 1024 } }],
  ['the model decides', { thinkingBudget: -1 }, { reasoning: { visible: false, adaptive: true } }],
  ['off', { thinking_budget: 0 }, { reasoning: { visible: false, effort: 'none' } }],
  [
    'a level to come',
    { thinkingLevel: 'GALACTIC' },
    { reasoning: { visible: false }, uncarried: ['generationConfig.thinkingConfig.thinkingLevel'] },
  ],
  ['empty', {}, {}],
]

test.each(thinking)('thinkingConfig: %s', (_name, thinkingConfig, expected) => {
  const { messages: _m, model: _n, stream: _s, ...rest } = read({ generationConfig: { thinkingConfig } }).value
  expect(rest).toEqual(expected)
})

const tops: [name: string, members: JsonObject, expected: Partial<ChatRequest>][] = [
  ['serviceTier', { serviceTier: 'FLEX' }, { serviceTier: 'flex' }],
  ['service_tier', { service_tier: 'priority' }, { serviceTier: 'priority' }],
  ['no serviceTier', { serviceTier: 'SERVICE_TIER_UNSPECIFIED' }, {}],
  [
    'only Google has them',
    { safetySettings: [{ category: 'x' }], cached_content: 'cachedContents/1', labels: { a: 'b' } },
    { uncarried: ['cachedContent', 'safetySettings', 'labels'] },
  ],
  ['empty ones are harmless', { safetySettings: [], labels: {}, store: false, cachedContent: null }, {}],
  ["the gateway's own", { 'x-gateway': { cache: false } }, {}],
]

test.each(tops)('%s', (_name, members, expected) => {
  const { messages: _m, model: _n, stream: _s, ...rest } = read(members).value
  expect(rest).toEqual(expected)
})

describe('refused', () => {
  const table: [name: string, members: JsonObject, param: string][] = [
    ['a temperature in words', { generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    ['a fraction of a token', { generationConfig: { maxOutputTokens: 1.5 } }, 'generationConfig.maxOutputTokens'],
    ['a stop that is a number', { generationConfig: { stopSequences: [1] } }, 'generationConfig.stopSequences[0]'],
    ['a config that is a list', { generationConfig: [] }, 'generationConfig'],
    ['contents that are a number', { contents: 3 }, 'contents'],
    ['no contents', { contents: null }, 'contents'],
    ['empty contents', { contents: [] }, 'contents'],
    ['contents without parts', { contents: [{ role: 'user', parts: [] }] }, 'contents'],
    ['an unknown role', { contents: [{ role: 'robot', parts: [{ text: 'x' }] }] }, 'contents[0].role'],
    ['a part that is a number', { contents: [{ parts: [3] }] }, 'contents[0].parts[0]'],
    ['a part of nothing', { contents: [{ parts: [{}] }] }, 'contents[0].parts[0].text'],
    ['text that is a number', { contents: [{ parts: [{ text: 3 }] }] }, 'contents[0].parts[0].text'],
    [
      'a call without a name',
      { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] },
      'contents[0].parts[0].functionCall.name',
    ],
    ['a function without a name', { tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
  ]

  test.each(table)('%s', (_name, members, param) => {
    expect(refusal(members)).toMatchObject({ code: 'invalid_request', param })
  })

  test.each([
    [
      'a system instruction of images',
      { systemInstruction: { parts: [{ inlineData: {} }] } },
      'systemInstruction.parts[0]',
    ],
    [
      'an image by the model',
      { contents: [...hello, { role: 'model', parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }] }] },
      'contents[1].parts[0]',
    ],
    ['a part to come', { contents: [{ parts: [{ hologram: {} }] }] }, 'contents[0].parts[0]'],
  ])('content without a form: %s', (_name, members, param) => {
    expect(refusal(members)).toMatchObject({ code: 'unsupported_content', param })
  })
})

test('the body stays as it was', () => {
  const body = JSON.parse(
    JSON.stringify({
      contents: [
        { role: 'user', parts: [{ text: 'a' }] },
        { role: 'model', parts: [{ text: 'b', thought: true }, { text: 'c' }] },
        { role: 'model', parts: [{ text: 'd' }, { function_call: { name: 'f', args: { x_y: 1 } } }] },
      ],
      system_instruction: 'be brief',
      tools: [{ function_declarations: [{ name: 'f', parameters: { type: 'OBJECT', nullable: true } }] }],
    }),
  )
  const before = structuredClone(body)
  readGemini(body, { model: 'm', stream: false })
  expect(body).toEqual(before)
})
