import { expect, test } from 'vitest'
import { contextWindows } from '../../../gateway/models/context-window.ts'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { openPriceTable } from '../../../gateway/models/price-table.ts'

test('what fits into a model’s context, by the names it goes by', () => {
  const contextWindow = contextWindows(openPriceTable(bundledPrices))
  expect(contextWindow('openai', 'gpt-4o')).toBe(128_000)
  expect(contextWindow('openai', 'openai/gpt-4o')).toBe(128_000)
  expect(contextWindow(undefined, 'gpt-4o')).toBe(128_000)
  expect(contextWindow('openai', 'no-such-model')).toBeUndefined()
  expect(contextWindow('no-such-provider', 'gpt-4o')).toBeUndefined()
})
