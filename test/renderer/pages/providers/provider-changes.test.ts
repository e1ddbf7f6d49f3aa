import { describe, expect, test } from 'vitest'
import {
  formChanges,
  hasChanges,
  modelLines,
  startForm,
  type ProviderForm,
} from '../../../../renderer/pages/providers/provider-changes.ts'
import { providerOf } from './provider-of.ts'

describe('formChanges', () => {
  const own = providerOf({ hasOwnBaseUrl: true, baseUrl: 'https://a.example', models: ['a', 'b'] })
  test.each<[string, Partial<ProviderForm>, object]>([
    ['nothing', {}, {}],
    ['the address taken out', { baseUrl: ' ' }, { baseUrl: null }],
    ['another address', { baseUrl: 'https://b.example' }, { baseUrl: 'https://b.example' }],
    ['models written another way are the same', { models: ' a\n\nb, a ' }, {}],
    ['models taken out', { models: '' }, { models: null }],
    ['models in another order', { models: 'b\na' }, { models: ['b', 'a'] }],
    ['a number', { maxRetries: 0 }, { maxRetries: 0 }],
    ['a number taken out', { timeoutMs: undefined }, { timeoutMs: null }],
    ['a limit that was none', { firstTokenTimeoutMs: 5_000 }, { firstTokenTimeoutMs: 5_000 }],
  ])('%s', (_, change, expected) => {
    const edit = formChanges(own, { ...startForm(own), ...change })
    expect(edit).toEqual({ name: 'openai', ...expected })
    expect(hasChanges(edit)).toBe(Object.keys(expected).length > 0)
  })

  test('the address of the catalogue is not written into the configuration', () => {
    const provider = providerOf()
    expect(startForm(provider).baseUrl).toBe('')
    expect(hasChanges(formChanges(provider, startForm(provider)))).toBe(false)
  })
})

test('modelLines', () => {
  expect(modelLines('gpt-5*\n o4 ,, o4\n')).toEqual(['gpt-5*', 'o4'])
  expect(modelLines('  \n')).toEqual([])
})
