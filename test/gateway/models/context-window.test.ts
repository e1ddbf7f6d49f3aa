import { expect, test } from 'vitest'
import { loadContextWindows } from '../../../gateway/models/context-window.ts'

test('what fits into a model’s context, by the names it goes by', async () => {
  const contextWindow = await loadContextWindows()
  expect(contextWindow('openai', 'gpt-4o')).toBe(128_000)
  expect(contextWindow('openai', 'openai/gpt-4o')).toBe(128_000)
  expect(contextWindow(undefined, 'gpt-4o')).toBe(128_000)
  expect(contextWindow('openai', 'no-such-model')).toBeUndefined()
  expect(contextWindow('no-such-provider', 'gpt-4o')).toBeUndefined()
})
