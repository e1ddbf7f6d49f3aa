import { expect, test } from 'vitest'
import { createModelsHandlers } from '../../../gateway/api/models-list.ts'
import { capabilitiesOf, publicPrice } from '../../../gateway/api/models-facts.ts'
import { methods } from '../../../gateway/contract.ts'
import { contextWindows } from '../../../gateway/models/context-window.ts'
import { PriceBook } from '../../../gateway/models/price-book.ts'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { openPriceTable } from '../../../gateway/models/price-table.ts'
import { overridePrice } from '../../../gateway/models/price.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import { memoryConfiguration, routingView } from './memory-configuration.ts'

const text = `
providers:
  - { name: a, type: openai, apiKey: k, models: [gpt-4o, m, gpt-*] }
  - { name: b, type: anthropic, apiKey: k }
  - { name: c, type: ollama, models: [m] }
`
const lists: Record<string, string[]> = { a: ['gpt-4o', 'other'], b: ['claude-opus-4-5'] }

function made() {
  const view = routingView(memoryConfiguration(text), {
    last: () => undefined,
    check: ({ name }) => Promise.resolve({ ok: true, reason: undefined, models: lists[name] ?? [], checkedAt: 0 }),
  })
  const breaker = createBreaker(
    () => 0,
    () => {},
  )
  const windows = contextWindows(openPriceTable(bundledPrices))
  const prices = new PriceBook(() => undefined, { 'a/m': { input: 1, output: 2, cacheRead: 0.5 } }, windows)
  return createModelsHandlers({ current: () => view, prices: () => Promise.resolve(prices), breaker, now: () => 0 })
}

test('every provider’s models, each once, with what is known of it there', async () => {
  const answer = await made()['models.list']({})
  expect(methods['models.list'].output.parse(answer)).toEqual(answer)
  expect(answer.models).toEqual([
    { id: 'gpt-4o', provider: 'a', price: null, contextWindow: 128_000, maxOutput: null, capabilities: [] },
    {
      id: 'm',
      provider: 'a',
      price: { input: 1, output: 2, cacheRead: 0.5, cacheWrite: null },
      contextWindow: null,
      maxOutput: null,
      capabilities: [],
    },
    {
      id: 'claude-opus-4-5',
      provider: 'b',
      price: null,
      contextWindow: expect.any(Number) as number,
      maxOutput: 64_000,
      capabilities: ['thinking', 'structured output'],
    },
    {
      id: 'm',
      provider: 'c',
      // Free is a price.
      price: { input: 0, output: 0, cacheRead: null, cacheWrite: null },
      contextWindow: null,
      maxOutput: null,
      capabilities: [],
    },
  ])
})

test('explain is answered without asking anybody', async () => {
  const answer = await made()['models.explain']({ model: 'm' })
  expect(methods['models.explain'].output.parse(answer)).toEqual(answer)
  expect(answer.targets.map(({ provider }) => provider)).toEqual(['a', 'c'])
})

test('a price per 1M tokens; what has none is null', () => {
  expect(publicPrice(overridePrice({ input: 0.075, output: 3 }))).toEqual({
    input: 0.075,
    output: 3,
    cacheRead: null,
    cacheWrite: null,
  })
})

test.each([
  ['claude-3-haiku', []],
  ['claude-opus-4-6', ['thinking', 'structured output']],
  ['nobody-knows', []],
])('%s can %j', (model, capabilities) => {
  expect(capabilitiesOf(model)).toEqual(capabilities)
})
