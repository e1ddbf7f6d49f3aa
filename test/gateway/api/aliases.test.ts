import { expect, test } from 'vitest'
import { createAliasesHandlers } from '../../../gateway/api/aliases.ts'
import { methods, type MethodInput } from '../../../gateway/contract.ts'
import { memoryConfiguration, routingView } from './memory-configuration.ts'

const text = `providers:
  - { name: p, type: openai, apiKey: k }
  - { name: q, type: openai, apiKey: k }
routing:
  defaultProvider: p
  modelMappings:
    # first
    a: { provider: p, model: m }
    b: { provider: q, model: m } # second
    c:
      - { provider: p, model: m, weight: 1 }
      - { provider: q, model: m, weight: 2 }
  fallbackChain: [q, { provider: p, models: { x: y } }]
`

function made() {
  const configuration = memoryConfiguration(text)
  return { configuration, ...createAliasesHandlers({ configuration, current: () => routingView(configuration) }) }
}

test('the list, with warnings', () => {
  const { 'aliases.list': list } = made()
  const answer = list({})
  expect(methods['aliases.list'].output.parse(answer)).toEqual(answer)
  expect(answer).toEqual({
    aliases: [
      { name: 'a', targets: [{ provider: 'p', model: 'm' }], warnings: [] },
      { name: 'b', targets: [{ provider: 'q', model: 'm' }], warnings: [] },
      {
        name: 'c',
        targets: [
          { provider: 'p', model: 'm', weight: 1 },
          { provider: 'q', model: 'm', weight: 2 },
        ],
        warnings: [],
      },
    ],
    fallbackChain: [{ provider: 'q' }, { provider: 'p', models: { x: 'y' } }],
    defaultProvider: 'p',
  })
})

test('check says what save would lead to, and saves nothing', async () => {
  const { 'aliases.check': check, configuration } = made()
  expect(check({ name: 'a', targets: [] })).toEqual({ warnings: ['It leads nowhere: add a target.'] })
  expect(await configuration.text()).toBe(text)
})

type Save = MethodInput<'aliases.save'>
const target = { provider: 'q', model: 'n' }

const saves: [name: string, input: Save, before: string, after: string][] = [
  [
    'one target stands alone',
    { name: 'd', targets: [target] },
    '  fallbackChain',
    '    d:\n      provider: q\n      model: n\n  fallbackChain',
  ],
  [
    'a change in its place',
    { name: 'b', targets: [target] },
    '    b: { provider: q, model: m } # second',
    '    b: { provider: q, model: n } # second',
  ],
  [
    'a dollar is a dollar',
    { name: 'a', targets: [{ provider: 'p', model: '$x' }] },
    'a: { provider: p, model: m }',
    'a: { provider: p, model: $$x }',
  ],
]
test.each(saves)('saving: %s', async (_name, input, before, after) => {
  const { 'aliases.save': save, configuration } = made()
  await save(input)
  expect(await configuration.text()).toBe(text.replace(before, () => after))
})

test('several targets are a list', async () => {
  const { 'aliases.save': save, configuration } = made()
  await save({ name: 'a', targets: [target, { provider: 'p', model: 'm' }] })
  expect(configuration.current().config.routing.modelMappings['a']).toEqual([target, { provider: 'p', model: 'm' }])
})

test.each([
  ['a', ['z', 'b', 'c']],
  ['b', ['a', 'z', 'c']],
  ['c', ['a', 'b', 'z']],
])('renaming %s keeps the order and takes everything along', async (was, order) => {
  const { 'aliases.save': save, configuration } = made()
  const before = configuration.current().config.routing.modelMappings
  const { undo } = await save({ name: 'z', was, targets: [target] })
  const after = configuration.current().config.routing.modelMappings
  expect(Object.keys(after)).toEqual(order)
  expect(after['z']).toEqual(target)
  for (const name of order) if (name !== 'z') expect(after[name]).toEqual(before[name])
  await configuration.undo(undo)
  expect(await configuration.text()).toBe(text)
})

test.each([
  ['a name that is taken', { name: 'a', was: 'b', targets: [target] }, 'invalid_request'],
  ['a name that data cannot have', { name: '__proto__', targets: [target] }, 'invalid_request'],
  ['a name that YAML has taken', { name: '<<', was: 'a', targets: [target] }, 'invalid_request'],
  ['one that is gone', { name: 'x', was: 'gone', targets: [target] }, 'not_found'],
])('%s is not saved', async (_name, input, code) => {
  await expect(made()['aliases.save'](input)).rejects.toMatchObject({ code })
})

test('a provider that is not there is refused by the configuration itself', async () => {
  await expect(made()['aliases.save']({ name: 'x', targets: [{ provider: 'z', model: 'm' }] })).rejects.toThrow(
    'no provider is named "z"',
  )
})

test('removing', async () => {
  const { 'aliases.remove': remove, configuration } = made()
  await remove({ name: 'b' })
  expect(Object.keys(configuration.current().config.routing.modelMappings)).toEqual(['a', 'c'])
  await expect(remove({ name: 'b' })).rejects.toThrow('There is no alias "b"')
})

test('the chain and the default provider', async () => {
  const { 'aliases.fallback': fallback, 'aliases.list': list, configuration } = made()
  const chain = [
    { provider: 'p', models: {} },
    { provider: 'q', models: { a: '$b' } },
  ]
  await fallback({ chain, defaultProvider: 'q' })
  expect(list({})).toMatchObject({
    fallbackChain: [{ provider: 'p' }, { provider: 'q', models: { a: '$b' } }],
    defaultProvider: 'q',
  })
  await fallback({ chain: [], defaultProvider: null })
  expect(await configuration.text()).not.toMatch(/fallbackChain|defaultProvider/)
})
