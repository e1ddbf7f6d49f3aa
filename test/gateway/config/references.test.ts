import { describe, expect, test } from 'vitest'
import { defaultConfig } from '../../../gateway/config/defaults.ts'
import { checkReferences } from '../../../gateway/config/references.ts'
import { problemsOf } from './problems.ts'

const table = [
  { id: 'openai', endpoints: [{ baseUrl: 'https://api.openai.com/v1' }] },
  { id: 'anthropic', endpoints: [{ baseUrl: 'https://api.anthropic.com' }] },
  { id: 'azure', endpoints: [{}, {}] },
]

const two = [
  'providers:',
  '  - name: openai',
  '  - name: local',
  '    baseUrl: http://localhost:1/v1',
  '    models: [llama-*, phi]',
]

/** [name, the lines after two providers, the problems] */
type Row = [string, string[], string[]]

describe('names that must lead somewhere', () => {
  const rows: Row[] = [
    [
      'hedged alias, misspelt',
      ['routing:', '  modelMappings:', '    fast: { provider: local, model: phi }', '  hedge: { aliases: [fats] }'],
      ['9:22 routing.hedge.aliases[0]: no alias is named "fats", did you mean "fast"?'],
    ],
    [
      'who makes the embeddings',
      ['cache:', '  enabled: true', '  semantic: { aliases: [a], embedding: { provider: locl, model: e } }'],
      ['8:52 cache.semantic.embedding.provider: no provider is named "locl", did you mean "local"?'],
    ],
    ['all good', ['routing:', '  defaultProvider: local', '  fallbackChain: [openai, local]'], []],
    [
      'default provider',
      ['routing:', '  defaultProvider: opnai'],
      ['7:20 routing.defaultProvider: no provider is named "opnai", did you mean "openai"?'],
    ],
    [
      'no near name: all are told',
      ['routing:', '  defaultProvider: mistral'],
      ['7:20 routing.defaultProvider: no provider is named "mistral"; there is openai, local'],
    ],
    [
      'alias',
      ['routing:', '  modelMappings:', '    fast: { provider: lcoal, model: phi }'],
      ['8:23 routing.modelMappings.fast.provider: no provider is named "lcoal", did you mean "local"?'],
    ],
    [
      'alias with several targets',
      [
        'routing:',
        '  modelMappings:',
        '    fast:',
        '      - { provider: openai, model: x }',
        '      - { provider: nope, model: x }',
      ],
      ['10:21 routing.modelMappings.fast[1].provider: no provider is named "nope"; there is openai, local'],
    ],
    [
      'fallback chain, misspelt',
      ['routing:', '  fallbackChain: [openia, { provider: lokal, models: { a: b } }]'],
      [
        '7:19 routing.fallbackChain[0]: no provider is named "openia", did you mean "openai"?',
        '7:27 routing.fallbackChain[1]: no provider is named "lokal", did you mean "local"?',
      ],
    ],
    ['fallback chain, not configured', ['routing:', '  fallbackChain: [openai, anthropic]'], []],
    [
      'model that the provider does not list',
      ['routing:', '  modelMappings:', '    fast: { provider: local, model: qwen }'],
      [],
    ],
    ['alias named as its model', ['routing:', '  modelMappings:', '    gpt-4: { provider: openai, model: gpt-4 }'], []],
    [
      'alias named as its model, listed',
      ['routing:', '  modelMappings:', '    llama-3: { provider: local, model: llama-3 }'],
      [],
    ],
    [
      'alias that only leads to itself',
      ['routing:', '  modelMappings:', '    fast: { provider: local, model: fast }'],
      ['8:37 routing.modelMappings.fast.model: "fast" maps to itself: the models of local have no "fast"'],
    ],
    [
      'weights',
      [
        'routing:',
        '  modelMappings:',
        '    fast:',
        '      - { provider: openai, model: x, weight: 1 }',
        '      - { provider: local, model: phi }',
      ],
      ['10:9 routing.modelMappings.fast[1]: give every target of an alias a weight, or none'],
    ],
    [
      'key names',
      ['auth:', '  keys:', '    - { name: a, key: x }', '    - { name: b, key: y }', '    - { name: a, key: z }'],
      ['10:15 auth.keys[2].name: the key name "a" is already taken by auth.keys[0]'],
    ],
  ]
  test.each(rows)('%s', (_, lines, expected) => {
    expect(problemsOf([...two, ...lines].join('\n'))).toEqual(expected.map((problem) => `gateway.yaml:${problem}`))
  })

  test('provider names are unique', () => {
    const text = 'providers:\n  - name: a\n  - name: b\n  - name: a\n  - name: a\n'
    expect(problemsOf(text)).toEqual([
      'gateway.yaml:4:11 providers[2].name: the provider name "a" is already taken by providers[0]',
      'gateway.yaml:5:11 providers[3].name: the provider name "a" is already taken by providers[0]',
    ])
  })
})

describe('with the provider table', () => {
  const rows: Row[] = [
    ['known', ['  - name: anthropic'], []],
    ['type', ['  - name: mine', '    type: anthropic'], []],
    ['address of its own', ['  - name: mine', '    baseUrl: http://localhost:1'], []],
    ['azure with an address', ['  - name: azure', '    baseUrl: https://x.openai.azure.com'], []],
    ['azure without', ['  - name: azure'], ['2:5 providers[0]: azure has no fixed address: set baseUrl']],
    [
      'azure by type',
      ['  - name: a', '    type: azure'],
      ['2:5 providers[0]: azure has no fixed address: set baseUrl'],
    ],
    [
      'misspelt',
      ['  - name: antropic'],
      ['2:11 providers[0].name: "antropic" is no known provider, did you mean "anthropic"?'],
    ],
    ['nowhere', ['  - name: mine'], ['2:11 providers[0].name: "mine" is no known provider: set type or baseUrl']],
    [
      'unknown type',
      ['  - name: mine', '    type: custom', '    baseUrl: http://localhost:1'],
      ['3:11 providers[0].type: unknown provider type "custom"; known: openai, anthropic, azure'],
    ],
    [
      'chain: in the table is skipped, elsewhere is a fault',
      ['  - name: openai', 'routing:', '  fallbackChain: [anthropic, whatever]'],
      ['4:30 routing.fallbackChain[1]: no provider is named "whatever"; there is openai'],
    ],
  ]
  test.each(rows)('%s', (_, lines, expected) => {
    const text = ['providers:', ...lines].join('\n')
    expect(problemsOf(text, { knownProviders: table })).toEqual(expected.map((problem) => `gateway.yaml:${problem}`))
  })
})

describe('notices', () => {
  test('a chain says what it skips', () => {
    const input = { providers: [{ name: 'openai' }], routing: { fallbackChain: ['openai', 'anthropic'] } }
    expect(checkReferences(input, table)).toEqual({
      problems: [],
      notices: ['routing.fallbackChain[1]: no provider "anthropic" is configured; the chain skips it'],
    })
  })

  test('without providers, names are not held against anyone', () => {
    const input = { routing: { defaultProvider: 'openai', fallbackChain: ['azure'] } }
    expect(checkReferences(input)).toEqual({
      problems: [],
      notices: ['routing names providers but none is configured: add them under providers'],
    })
  })

  test('an alias says that its provider does not list its model', () => {
    const input = {
      providers: [{ name: 'local', models: ['llama-*', 'a.b'] }],
      routing: {
        modelMappings: {
          one: { provider: 'local', model: 'llama-3' },
          two: [{ provider: 'local', model: 'axb' }],
        },
      },
    }
    expect(checkReferences(input).notices).toEqual([
      'routing.modelMappings.two[0]: "axb" is not among the models of local',
    ])
  })
})

test.each([
  [undefined],
  [null],
  ['text'],
  [[]],
  [{ providers: 'x', routing: [], auth: { keys: {} } }],
  [{ providers: [null, 5], routing: { modelMappings: { a: null, b: [null] }, fallbackChain: [null] } }],
])('reads %j without complaint: the schema complains', (input) => {
  expect(checkReferences(input, table)).toEqual({ problems: [], notices: [] })
})

test('finds nothing in the defaults', () => {
  expect(checkReferences(defaultConfig(), table)).toEqual({ problems: [], notices: [] })
})

describe('dialects', () => {
  const rows = [
    { id: 'openai-compatible', endpoints: [{ dialect: 'openai-chat' }, { dialect: 'anthropic-messages' }] },
    {
      id: 'groq',
      endpoints: [
        { baseUrl: 'https://g', dialect: 'openai-chat' },
        { dialect: 'openai-responses' },
        { dialect: 'openai-embeddings' },
      ],
    },
  ]

  test.each<[string, object, string[]]>([
    ['known ones', { name: 'groq', dialects: ['openai-responses', 'openai-chat'] }, []],
    [
      'one its type has not',
      { name: 'groq', dialects: ['openai-chat', 'gemini'] },
      ['providers.0.dialects.1: groq is not known to speak gemini; write openai-chat, openai-responses'],
    ],
    ['by type, under any name', { name: 'x', type: 'groq', dialects: ['openai-chat'] }, []],
    [
      'an unknown name with an address is a compatible server',
      { name: 'x', baseUrl: 'http://h/v1', dialects: ['anthropic-messages', 'openai-responses'] },
      [
        'providers.0.dialects.1: openai-compatible is not known to speak openai-responses; write openai-chat, anthropic-messages',
      ],
    ],
    ['what the schema refuses is not told twice', { name: 'groq', dialects: ['chat'] }, []],
  ])('%s', (_name, provider, problems) => {
    const found = checkReferences({ providers: [provider] }, rows).problems
    expect(found.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual(problems)
  })
})

test('a semantic cache without the cache is idle', () => {
  const semantic = { aliases: ['a'], embedding: { provider: 'openai', model: 'e' } }
  const noticesOf = (cache: object): string[] => checkReferences({ providers: [{ name: 'openai' }], cache }).notices
  expect(noticesOf({ semantic })).toEqual([
    'cache.semantic does nothing while the cache is off: set cache.enabled to true',
  ])
  expect(noticesOf({ enabled: true, semantic })).toEqual([])
})
