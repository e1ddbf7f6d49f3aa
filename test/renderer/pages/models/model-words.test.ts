import { describe, expect, test } from 'vitest'
import type { Explanation, Model, Price } from '../../../../gateway/contract.ts'
import { explainSteps, reasonSentence } from '../../../../renderer/pages/models/explain-steps.ts'
import { priceFinder, priceWords } from '../../../../renderer/pages/models/price-words.ts'
import { fitting } from '../../../../renderer/lib/suggestions.ts'
import { nameSuggestions } from '../../../../renderer/pages/models/suggestions.ts'

function priceOf(input: number | null, output: number | null): Price {
  return { input, output, cacheRead: null, cacheWrite: null }
}

function modelOf(provider: string, id: string, price: Price | null): Model {
  return { provider, id, price, contextWindow: null, maxOutput: null, capabilities: [] }
}

test.each([
  ['known', priceOf(2.5, 12), '$2.50 in · $12.00 out'],
  ['small', priceOf(0.0375, 0.3), '$0.0375 in · $0.30 out'],
  ['half known', priceOf(0.02, null), '$0.02 in · out unknown'],
  ['nothing known of it', priceOf(null, null), 'price unknown'],
  ['unknown is not free', null, 'price unknown'],
  ['not listed', undefined, 'price unknown'],
  ['known to be nothing', priceOf(0, 0), 'free'],
])('priceWords: %s', (_, price, expected) => {
  expect(priceWords(price)).toBe(expected)
})

test('prices are found by provider and model together', () => {
  const priceOfModel = priceFinder([modelOf('a', 'm', priceOf(1, 2)), modelOf('b', 'm', null)])
  expect(priceOfModel('a', 'm')).toEqual(priceOf(1, 2))
  expect(priceOfModel('b', 'm')).toBeNull()
  expect(priceOfModel('c', 'm')).toBeUndefined()
})

describe('fitting', () => {
  const names = ['o4', 'gpt-6-mini', 'openai/gpt-6', 'gpt-6', 'claude-opus-5'].map((value) => ({ value }))
  test.each([
    ['nothing typed: as they stand', '', ['o4', 'gpt-6-mini', 'openai/gpt-6', 'gpt-6', 'claude-opus-5']],
    ['the name itself, then its beginning, then a word', 'gpt-6', ['gpt-6', 'gpt-6-mini', 'openai/gpt-6']],
    ['whatever the case', 'OPUS', ['claude-opus-5']],
    ['every word', 'mini gpt', ['gpt-6-mini']],
    ['nothing', 'zzz', []],
  ])('%s', (_, typed, expected) => {
    expect(fitting(names, typed).map(({ value }) => value)).toEqual(expected)
  })
})

test('a name is suggested once, as an alias where it is one', () => {
  const alias = { name: 'm', targets: [], warnings: [] }
  const suggestions = nameSuggestions(
    [alias],
    [modelOf('a', 'm', null), modelOf('a', 'n', null), modelOf('b', 'n', null)],
  )
  expect(suggestions).toEqual([
    { value: 'm', note: 'alias' },
    { value: 'n', note: 'price unknown' },
  ])
})

describe('explainSteps', () => {
  type Target = Explanation['targets'][number]
  const target = (more: Partial<Target>): Target => ({
    provider: 'a',
    model: 'm',
    dialect: 'openai-chat',
    price: null,
    share: null,
    isFallback: false,
    problem: null,
    ...more,
  })
  test.each<[string, Partial<Target>[], [string, string][]]>([
    [
      'in order',
      [{}, {}, { isFallback: true }],
      [
        ['asked first', 'good'],
        ['if that fails', 'neutral'],
        ['fallback', 'neutral'],
      ],
    ],
    [
      'by weight',
      [{ share: 0.75 }, { share: 0.25 }, { isFallback: true }],
      [
        ['75 % of calls', 'good'],
        ['25 % of calls', 'good'],
        ['fallback', 'neutral'],
      ],
    ],
    [
      'the first cannot be asked',
      [{ problem: 'It has no key.' }, {}],
      [
        ['asked first', 'warn'],
        ['if that fails', 'good'],
      ],
    ],
    ['nobody', [], []],
  ])('%s', (_, targets, expected) => {
    const steps = explainSteps({ targets: targets.map(target) })
    expect(steps.map(({ role, tone }) => [role, tone])).toEqual(expected)
  })
})

test('reasonSentence', () => {
  expect(reasonSentence('"fast" is an alias')).toBe('“fast” is an alias.')
  expect(reasonSentence('no provider lists it; groq is the default provider')).toBe(
    'No provider lists it; groq is the default provider.',
  )
})
