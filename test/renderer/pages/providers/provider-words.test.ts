import { describe, expect, test } from 'vitest'
import type { KeyState, MethodOutput } from '../../../../gateway/contract.ts'
import {
  circuitWords,
  failureWords,
  keyOrigin,
  keyRemovalQuestion,
  keyWords,
  providerRemovalQuestion,
  stateOf,
} from '../../../../renderer/pages/providers/provider-words.ts'
import { providerOf } from './provider-of.ts'

const set = providerOf().key
const keys: [string, KeyState, string, string][] = [
  ['in the keychain', set, '…abcd', 'Kept in the keychain'],
  ['short', { ...set, endsWith: null }, 'set', 'Kept in the keychain'],
  ['in a file', { ...set, from: 'file' }, '…abcd', 'Kept in a file that only you can read'],
  ['in the environment', { ...set, from: 'environment' }, '…abcd', 'From the environment variable OPENAI_API_KEY'],
  [
    'in the configuration',
    { ...set, from: 'config', reference: null },
    '…abcd',
    'Written in the configuration file itself',
  ],
  [
    'missing',
    { state: 'missing', from: null, reference: 'OPENAI_API_KEY', endsWith: null },
    'missing',
    'OPENAI_API_KEY is nowhere to be found',
  ],
  ['none', { state: 'none', from: null, reference: null, endsWith: null }, 'none', 'No key is configured'],
]

test.each(keys)('a key %s', (_, key, words, origin) => {
  expect([keyWords(key), keyOrigin(key)]).toEqual([words, origin])
})

test('a missing key is named as such, not as a provider that is wrong', () => {
  const missing = { state: 'missing', from: null, reference: 'A', endsWith: null } as const
  expect(stateOf(providerOf({ state: 'misconfigured', key: missing })).words).toBe('Key missing')
  expect(stateOf(providerOf({ state: 'misconfigured' })).words).toBe('Not ready')
  expect(stateOf(providerOf({ state: 'down', key: missing })).words).toBe('Down')
})

describe('failureWords', () => {
  const lastFailure = { at: 2_000, status: 429, code: 'rate_limit_exceeded' }
  test.each([
    ['never', providerOf(), null],
    ['over since', providerOf({ lastFailure, lastSuccessAt: 3_000 }), null],
    ['healthy by an older success', providerOf({ lastFailure, lastSuccessAt: 1_000 }), 'HTTP 429, rate_limit_exceeded'],
    [
      'still failing',
      providerOf({ lastFailure, lastSuccessAt: 3_000, state: 'degraded' }),
      'HTTP 429, rate_limit_exceeded',
    ],
    ['no status', providerOf({ lastFailure: { at: 1, status: null, code: 'timeout' } }), 'timeout'],
    ['nothing told', providerOf({ lastFailure: { at: 1, status: null, code: null } }), 'no answer'],
  ])('%s', (_, provider, expected) => {
    expect(failureWords(provider)).toBe(expected)
  })
})

test('circuitWords', () => {
  expect(circuitWords(providerOf())).toBeNull()
  expect(circuitWords({ openCircuits: [{ model: 'o4', retryInMs: 1_200 }] })).toBe(
    'Left out after failures: o4 (tried again in 2 s)',
  )
})

test('keyRemovalQuestion names what depends on the key', () => {
  expect(keyRemovalQuestion(providerOf())).toBeUndefined()
  expect(keyRemovalQuestion(providerOf({ aliases: ['fast'] }))?.text).toMatch(/^1 alias uses it: fast\./)
  expect(keyRemovalQuestion(providerOf({ aliases: ['fast', 'smart', 'big'] }))).toEqual({
    title: 'Remove the OpenAI key?',
    text: '3 aliases use it: fast, smart, big. You can undo this for a while.',
  })
})

describe('providerRemovalQuestion', () => {
  const target = (provider: string) => ({ provider, model: 'm' })
  const routing: MethodOutput<'aliases.list'> = {
    aliases: [
      { name: 'only', targets: [target('openai')], warnings: [] },
      { name: 'both', targets: [target('openai'), target('groq')], warnings: [] },
    ],
    fallbackChain: [{ provider: 'openai' }],
    defaultProvider: 'openai',
  }
  test.each([
    ['nothing depends on it', 'mistral', undefined],
    ['one target of several', 'groq', '1 alias goes on with other targets: both. You can undo this for a while.'],
    [
      'everything',
      'openai',
      '1 alias leads nowhere else and will be removed too: only. 1 alias goes on with other targets: both. It leaves the fallback chain. There will be no default provider. You can undo this for a while.',
    ],
  ])('%s', (_, name, expected) => {
    expect(providerRemovalQuestion({ name, title: name }, routing)?.text).toBe(expected)
  })
})
