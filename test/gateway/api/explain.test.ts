import { describe, expect, test } from 'vitest'
import { explain } from '../../../gateway/api/explain.ts'
import { PriceBook } from '../../../gateway/models/price-book.ts'
import { memoryConfiguration, routingView } from './memory-configuration.ts'

const text = `
providers:
  - { name: a, type: openai, apiKey: k, models: [gpt-5, shared], priority: 2 }
  - { name: b, type: anthropic, apiKey: k, models: [shared, claude-*], priority: 1 }
  - { name: nokey, type: groq, models: [g] }
  - { name: any, type: openai, apiKey: k }
routing:
  modelMappings:
    one: { provider: a, model: gpt-5 }
    list: [{ provider: nokey, model: g }, { provider: b, model: claude-x }]
    lots: [{ provider: a, model: gpt-5, weight: 3 }, { provider: b, model: claude-x, weight: 1 }]
  fallbackChain: [b]
`
const breaker = { opensInMs: (key: string) => (key === 'b/claude-x' ? 9500 : 0) }
const prices = new PriceBook(() => undefined, { 'gpt-5': { input: 1, output: 2 } })

function explained(model: string, configText = text) {
  const { table } = routingView(memoryConfiguration(configText))
  return explain(model, { table, prices, breaker, now: 0 })
}

describe('why, and who', () => {
  const table: [model: string, reason: string, targets: string[]][] = [
    ['one', '"one" is an alias', ['a/gpt-5', 'b/shared fallback']],
    ['list', '"list" is an alias; its targets are asked in their order', ['nokey/g', 'b/claude-x fallback']],
    [
      'lots',
      '"lots" is an alias; weights decide who is asked first, the others stand in',
      ['a/gpt-5 0.75', 'b/claude-x 0.25'],
    ],
    ['a/whatever', '"a/" at its beginning names the provider a', ['a/whatever', 'b/shared fallback']],
    ['gpt-5', 'listed by a', ['a/gpt-5', 'b/shared fallback']],
    ['shared', 'listed by a, b; the lowest priority number is asked first', ['b/shared', 'a/shared fallback']],
    ['claude-y', 'b has the pattern "claude-*"', ['b/claude-y']],
    ['what', 'no provider lists it; any takes any model name', ['any/what', 'b/shared fallback']],
  ]
  test.each(table)('%s: %s', (model, reason, targets) => {
    const answer = explained(model)
    const shown = answer.targets.map(
      (target) =>
        `${target.provider}/${target.model}${target.share === null ? '' : ` ${target.share}`}${target.isFallback ? ' fallback' : ''}`,
    )
    expect([answer.reason, shown, answer.problem]).toEqual([reason, targets, null])
  })

  test('the default provider', () => {
    const only = 'providers: [{ name: a, type: openai, apiKey: k, models: [x] }]\nrouting: { defaultProvider: a }\n'
    expect(explained('what', only).reason).toBe('no provider lists it; a is the default provider')
  })
})

test('prices, dialects, and what would go wrong', () => {
  expect(explained('lots').targets).toMatchObject([
    { dialect: 'openai-chat', price: { input: 1, output: 2 }, problem: null },
    {
      dialect: 'anthropic-messages',
      price: null,
      problem: 'It would be skipped: it failed too often. It is tried again in 10 s.',
    },
  ])
  expect(explained('list').targets[0]?.problem).toContain(
    'It has no key yet: add one, or set the environment variable GROQ_API_KEY',
  )
})

test('a model that nobody serves: the error a client would get', () => {
  const only = 'providers: [{ name: a, type: openai, apiKey: k, models: [gpt-5] }]\n'
  expect(explained('gpt5', only)).toEqual({
    model: 'gpt5',
    reason: 'no provider serves this name',
    problem: 'The model "gpt5" is served by no configured provider; did you mean "gpt-5"?.',
    targets: [],
  })
})
