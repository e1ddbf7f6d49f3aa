import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchLateKeys } from '../../main/late-keys.ts'
import type { LoadedConfig } from '../../gateway/config/types.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a key that is there after the keychain was unlocked is taken up, once', async () => {
  const keys = new Set<string>()
  let missing: string[] = ['OPENAI_API_KEY']
  const reload = vi.fn(async () => {
    missing = []
  })
  const stop = watchLateKeys({
    loaded: () => ({ missingKeys: missing }) as unknown as LoadedConfig,
    isFound: async (name) => keys.has(name),
    reload,
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reload).not.toHaveBeenCalled()
  keys.add('OPENAI_API_KEY')
  await vi.advanceTimersByTimeAsync(90_000)
  expect(reload).toHaveBeenCalledTimes(1)
  missing = ['OPENAI_API_KEY']
  stop()
  await vi.advanceTimersByTimeAsync(90_000)
  expect(reload).toHaveBeenCalledTimes(1)
})
