import { describe, expect, test } from 'vitest'
import type { TablePrice } from '../../../gateway/models/price-table.ts'
import { mergeList } from '../../../gateway/prices/merge-list.ts'
import type { NamedPrices } from '../../../gateway/prices/price-list.ts'
import { model, someTable } from './tables.ts'

function named(provider: string, name: string, prices: TablePrice, contextWindow?: number): NamedPrices {
  return { provider, model: name, contextWindow, prices }
}

function merged(...entries: NamedPrices[]): Record<string, unknown[]> {
  const { providers } = mergeList(someTable(), entries)
  return Object.fromEntries(providers.map(({ id, models }) => [id, models]))
}

const before = Object.fromEntries(someTable().map(({ id, models }) => [id, models]))

test('nothing said, nothing changed', () => {
  expect(merged()).toEqual(before)
})

describe('a model that is there', () => {
  test('gets the new price; with another price of input, other prices per token are not guessed', () => {
    expect(merged(named('openai', 'GPT-a', { input_mtok: 3, output_mtok: 4 }))['openai']?.[0]).toEqual(
      model('gpt-a', { input_mtok: 3, output_mtok: 4, web_searches_kcount: 10 }),
    )
  })

  test('keeps what the list does not speak of where input costs the same', () => {
    expect(merged(named('openai', 'gpt-a', { input_mtok: 1, output_mtok: 5 }))['openai']?.[0]).toEqual(
      model('gpt-a', { input_mtok: 1, output_mtok: 5, cache_read_mtok: 0.1, web_searches_kcount: 10 }),
    )
  })

  test('keeps its rules of matching and its window', () => {
    expect(merged(named('openai', 'gpt-b', { input_mtok: 3, output_mtok: 9 }, 1000))['openai']?.[1]).toEqual(
      model('gpt-b', { input_mtok: 3, output_mtok: 9 }, { match: { starts_with: 'gpt-b' }, context_window: 400_000 }),
    )
  })

  test.each<[string, NamedPrices]>([
    ['says the same', named('openai', 'gpt-a', { input_mtok: 1, output_mtok: 4 })],
    ['knows no tiers', named('openai', 'gpt-b', { input_mtok: 2, output_mtok: 8 })],
    ['knows one of several times', named('deepseek', 'deepseek-x', { input_mtok: 2, output_mtok: 4 })],
  ])('stays as it is where the list %s', (_name, entry) => {
    expect(merged(entry)).toEqual(before)
  })
})

describe('a name that is not there', () => {
  test('becomes a model before the rules when a rule gives it another price', () => {
    const models = merged(named('openai', 'gpt-b-large', { input_mtok: 20, output_mtok: 80 }))['openai']
    expect(models?.[0]).toEqual(model('gpt-b-large', { input_mtok: 20, output_mtok: 80 }, { context_window: 400_000 }))
    expect(models).toHaveLength(3)
  })

  test('needs nothing when a rule gives it that price', () => {
    expect(merged(named('openai', 'gpt-b-2026', { input_mtok: 2, output_mtok: 8 }))).toEqual(before)
  })

  test('makes its provider', () => {
    expect(merged(named('alibaba', 'qwen', { input_mtok: 1, output_mtok: 2 }, 32_000))['alibaba']).toEqual([
      model('qwen', { input_mtok: 1, output_mtok: 2 }, { context_window: 32_000 }),
    ])
  })
})

describe('0 in a list is not taken for a price', () => {
  test.each(['gpt-a', 'gpt-new'])('%s', (name) => {
    const { providers, skipped } = mergeList(someTable(), [named('openai', name, { input_mtok: 0, output_mtok: 0 })])
    expect(providers).toEqual(someTable())
    expect(skipped).toEqual({ 'said to cost 0, which may be "unknown"': 1 })
  })

  test('but for names that say so', () => {
    const entry = named('openrouter', 'a/b:free', { input_mtok: 0, output_mtok: 0 })
    expect(merged(entry)['openrouter']).toEqual([model('a/b:free', { input_mtok: 0, output_mtok: 0 })])
  })
})
