import { describe, expect, test } from 'vitest'
import { orderEdits, removeEdits, saveEdits } from '../../../gateway/api/providers-edits.ts'
import { writtenData } from '../../../gateway/api/keys-reference.ts'
import { chatDialects } from '../../../gateway/config/schema.ts'
import { editConfigText } from '../../../gateway/config/save.ts'
import { wireFormat, type ProviderEdit } from '../../../gateway/contract.ts'

const two = `# mine
providers:
  - name: openai # first
    apiKey: \${OPENAI_API_KEY}
    timeout: 30s
  - name: groq
    apiKey: \${GROQ_API_KEY}
    priority: 5
`

const maps = `providers:
  - name: azure
    apiVersion: "2024-10-21"
    headers:
      X-Team: red # ours
      x-key: \${SECRET} # theirs
      x-old: "1"
    deployments: # by model
      gpt-4o: a
    modelMap:
      # whatever it is
      "*": gpt-4o
`

describe('saving', () => {
  const table: [name: string, text: string, edit: ProviderEdit, after: string][] = [
    [
      'the first one, with a reference to its key',
      '',
      { name: 'openai', type: 'openai', models: ['gpt-5'], timeoutMs: 90_000 },
      'providers:\n  - name: openai\n    models:\n      - gpt-5\n    timeout: 1m30s\n    apiKey: ${OPENAI_API_KEY}\n',
    ],
    [
      'another account of the same vendor',
      'providers:\n  - name: openai\n    apiKey: ${OPENAI_API_KEY}\n',
      { name: 'openai-work', type: 'openai' },
      'providers:\n  - name: openai\n    apiKey: ${OPENAI_API_KEY}\n  - name: openai-work\n    type: openai\n    apiKey: ${OPENAI_WORK_API_KEY}\n',
    ],
    [
      'one that needs no key',
      'providers: []\n',
      { name: 'ollama', type: 'ollama', baseUrl: 'http://127.0.0.1:1/$v' },
      'providers:\n  - name: ollama\n    baseUrl: http://127.0.0.1:1/$$v\n',
    ],
    [
      'one that need not ask for a key, and does',
      '',
      { name: 'lab', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', refersToKey: true },
      'providers:\n  - name: lab\n    type: openai-compatible\n    baseUrl: http://127.0.0.1:1/v1\n    apiKey: ${LAB_API_KEY}\n',
    ],
    [
      'a change touches its own lines only',
      two,
      { name: 'openai', type: 'openai', timeoutMs: 60_000, maxRetries: 0, priority: 7 },
      two.replace('    timeout: 30s\n', '    timeout: 1m\n    priority: 7\n    maxRetries: 0\n'),
    ],
    [
      'null takes an entry out',
      two,
      { name: 'openai', timeoutMs: null, models: null },
      two.replace('    timeout: 30s\n', ''),
    ],
    ['nothing to change', two, { name: 'groq' }, two],
    [
      'all that Azure takes',
      '',
      {
        name: 'azure',
        type: 'azure',
        baseUrl: 'https://me.openai.azure.com',
        dialects: ['openai-responses', 'openai-chat'],
        apiVersion: '2024-10-21',
        deployments: { 'gpt-5': 'my-$5', gone: null },
        headers: { 'x-team': '${TEAM}' },
        modelMap: { '*': 'gpt-5' },
      },
      `providers:
  - name: azure
    baseUrl: https://me.openai.azure.com
    dialects:
      - openai-responses
      - openai-chat
    apiVersion: 2024-10-21
    apiKey: \${AZURE_OPENAI_API_KEY}
    deployments:
      gpt-5: my-$$5
    headers:
      x-team: \${TEAM}
    modelMap:
      "*": gpt-5
`,
    ],
    [
      'members of a map one by one: the others keep spelling and comments',
      maps,
      { name: 'azure', headers: { 'x-team': 'blue', 'x-old': null }, deployments: { 'gpt-4o': 'b', 'gpt-5': 'c' } },
      maps
        .replace('X-Team: red # ours', 'X-Team: blue # ours')
        .replace('      x-old: "1"\n', '')
        .replace('      gpt-4o: a\n', '      gpt-4o: b\n      gpt-5: c\n'),
    ],
    [
      'the last member takes the map along, a new one in its place does not',
      maps,
      { name: 'azure', deployments: { 'gpt-4o': null }, modelMap: { '*': null, x: 'y' }, apiVersion: null },
      maps
        .replace('    deployments: # by model\n      gpt-4o: a\n', '')
        .replace('"*": gpt-4o', 'x: y')
        .replace('    apiVersion: "2024-10-21"\n', ''),
    ],
  ]
  test.each(table)('%s', (_name, text, edit, after) => {
    expect(editConfigText(text, saveEdits(edit, writtenData(text)))).toBe(after)
  })
})

test('the window knows the wire formats that the file does', () => {
  expect(wireFormat.options).toEqual([...chatDialects])
})

describe('removing', () => {
  const routing = `
routing:
  defaultProvider: openai
  modelMappings:
    # stays
    both:
      - { provider: openai, model: a }
      - { provider: groq, model: b } # this one too
      - { provider: openai, model: c }
    gone: { provider: openai, model: a }
    list:
      - provider: openai
        model: a
    other: { provider: groq, model: b }
  fallbackChain: [openai, groq, { provider: openai, models: { x: y } }]
`
  const after = (text: string, name: string, index: number) =>
    writtenData(editConfigText(text, removeEdits(name, index, writtenData(text))))

  test('everything that leads to it goes with it', () => {
    expect(after(two + routing, 'openai', 0)).toEqual({
      providers: [{ name: 'groq', apiKey: '${GROQ_API_KEY}', priority: 5 }],
      routing: {
        modelMappings: { both: [{ provider: 'groq', model: 'b' }], other: { provider: 'groq', model: 'b' } },
        fallbackChain: ['groq'],
      },
    })
  })

  test('comments of what stays, stay', () => {
    const text = editConfigText(two + routing, removeEdits('openai', 0, writtenData(two + routing)))
    expect(text).toContain('# mine')
    expect(text).toContain('# stays')
  })

  test('the last provider takes all routing with it', () => {
    const text = 'providers:\n  - name: openai\nrouting:\n  modelMappings:\n    a: { provider: openai, model: m }\n'
    expect(after(text, 'openai', 0)).toEqual({ providers: [] })
  })
})

describe('the order', () => {
  const present = [
    { name: 'a', priority: 100, order: 0 },
    { name: 'b', priority: 100, order: 1 },
    { name: 'c', priority: 20, order: 2 },
  ]
  const written = { providers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }
  test.each([
    ['as it is', ['c', 'a', 'b'], []],
    ['the end swapped: what has its number keeps it', ['b', 'c', 'a'], ['b 10', 'a 30']],
    ['who is not named follows', ['b'], ['b 10', 'a 30']],
    ['who is not there is nobody', ['x', 'c'], []],
  ])('%s', (_name, names, edits) => {
    const list = ['a', 'b', 'c']
    expect(
      orderEdits(names, present, written).map(({ path, value }) => `${list[path[1] as number] ?? ''} ${String(value)}`),
    ).toEqual(edits)
  })

  test('more than a hundred fit below the greatest number', () => {
    const many = Array.from({ length: 200 }, (_, order) => ({ name: `p${order}`, priority: 100, order }))
    const edits = orderEdits(many.map(({ name }) => name).toReversed(), many, {
      providers: many.map(({ name }) => ({ name })),
    })
    expect(Math.max(...edits.map(({ value }) => Number(value)))).toBe(1000)
  })
})
