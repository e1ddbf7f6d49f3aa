import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { read } from './reading.ts'

const tools: [name: string, tools: JsonObject[] | JsonObject, expected: Partial<ChatRequest>][] = [
  [
    'parametersJsonSchema as it is',
    [
      {
        functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: { type: 'object', $schema: 'x' } }],
      },
    ],
    { tools: [{ name: 'f', description: 'd', parameters: { type: 'object', $schema: 'x' } }] },
  ],
  [
    "Google's schema",
    [{ function_declarations: [{ name: 'f', description: '', parameters: { type: 'OBJECT', properties: {} } }] }],
    { tools: [{ name: 'f', parameters: { type: 'object', properties: {} } }] },
  ],
  [
    'no arguments',
    [{ functionDeclarations: [{ name: 'f' }] }, { functionDeclarations: [{ name: 'g' }] }],
    { tools: [{ name: 'f' }, { name: 'g' }] },
  ],
  [
    'hosted, beside functions',
    [
      { functionDeclarations: [{ name: 'f' }], googleSearch: { excludeDomains: ['a.com'] } },
      { google_search_retrieval: {} },
    ],
    {
      tools: [{ name: 'f' }],
      hostedTools: [
        { name: 'googleSearch', kind: 'web-search', blockedDomains: ['a.com'] },
        { name: 'googleSearchRetrieval', kind: 'web-search' },
      ],
    },
  ],
  [
    'hosted, known and unknown',
    [{ urlContext: {}, codeExecution: {}, googleMaps: {}, computerUse: null }],
    {
      hostedTools: [
        { name: 'urlContext', kind: 'web-fetch' },
        { name: 'codeExecution', kind: 'code-execution' },
        { name: 'googleMaps' },
      ],
    },
  ],
  ['one alone', { functionDeclarations: [{ name: 'f' }] }, { tools: [{ name: 'f' }] }],
  ['none', [], {}],
]

test.each(tools)('%s', (_name, list, expected) => {
  const { messages: _m, model: _n, stream: _s, ...rest } = read({ tools: list }).value
  expect(rest).toEqual(expected)
})

const choices: [name: string, config: JsonObject, expected: ChatRequest['toolChoice']][] = [
  ['AUTO', { mode: 'AUTO' }, { type: 'auto' }],
  ['auto', { mode: 'auto' }, { type: 'auto' }],
  ['VALIDATED', { mode: 'VALIDATED', allowedFunctionNames: ['a', 'b'] }, { type: 'auto', tools: ['a', 'b'] }],
  ['NONE', { mode: 'NONE' }, { type: 'none' }],
  ['ANY', { mode: 'ANY' }, { type: 'required' }],
  ['ANY of none', { mode: 'ANY', allowedFunctionNames: [] }, { type: 'required' }],
  ['ANY of one', { mode: 'ANY', allowedFunctionNames: ['a'] }, { type: 'tool', name: 'a' }],
  ['ANY of two', { mode: 'ANY', allowed_function_names: ['a', 'b'] }, { type: 'required', tools: ['a', 'b'] }],
  ['unspecified', { mode: 'MODE_UNSPECIFIED' }, undefined],
  ['nothing', {}, undefined],
]

test.each(choices)('toolConfig: %s', (_name, config, expected) => {
  expect(read({ toolConfig: { functionCallingConfig: config } }).value.toolChoice).toEqual(expected)
  expect(read({ tool_config: { function_calling_config: config } }).value.toolChoice).toEqual(expected)
})

test('what else is in toolConfig is reported', () => {
  const { warnings, value } = read({
    toolConfig: { functionCallingConfig: { mode: 'PSYCHIC' }, retrievalConfig: { languageCode: 'de' } },
  })
  expect(value.toolChoice).toBeUndefined()
  expect(warnings.map(({ feature }) => feature)).toEqual([
    'toolConfig.retrievalConfig',
    'toolConfig.functionCallingConfig.mode',
  ])
})
