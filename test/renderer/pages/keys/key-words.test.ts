import { describe, expect, test } from 'vitest'
import type { ClientKey, Limit } from '../../../../gateway/contract.ts'
import { expiryWords, limitWords, modelToTry, snippetsOf, stateOf } from '../../../../renderer/pages/keys/key-words.ts'

const now = Date.UTC(2026, 10, 24, 12)
const dayMs = 86_400_000

describe('state', () => {
  test.each<[ClientKey['state'], number | null, string, string]>([
    ['active', null, 'good', 'Active'],
    ['active', now + 7 * dayMs, 'good', 'Active'],
    ['active', now + 7 * dayMs - 1, 'warn', 'Expires soon'],
    ['expired', now - 1, 'bad', 'Expired'],
    ['revoked', now + 1, 'neutral', 'Revoked'],
    ['missing', null, 'bad', 'Not set anywhere'],
  ])('%s, %s: %s', (state, expiresAt, tone, words) =>
    expect(stateOf({ state, expiresAt }, now)).toEqual({ tone, words }),
  )
})

test('the last day is the one that was meant, not the moment after it', () => {
  expect(expiryWords(null)).toBe('Never')
  expect(expiryWords(Date.UTC(2027, 0, 1))).toMatch(/31.*2026|2026.*31/)
  expect(expiryWords(Date.UTC(2026, 11, 31, 18))).toMatch(/31.*2026.*(18|06):00/)
})

test.each<[Limit | null, string]>([
  [null, 'None'],
  [{ requests: 60, windowMs: 60_000 }, '60 requests a minute'],
  [{ requests: 1, tokens: 2_000_000, windowMs: 86_400_000 }, '1 request and 2M tokens a day'],
])('limit %#', (limit, words) => expect(limitWords(limit)).toBe(words))

test.each<[readonly string[] | null, string]>([
  [null, 'fast'],
  [['smart', 'fast'], 'smart'],
  [['gpt-*'], 'gpt-6'],
  [['other-*'], 'MODEL'],
])('a model to try with %j', (models, model) => expect(modelToTry(models, ['fast', 'gpt-6'])).toBe(model))

test('snippets hold the key and an address that can be called', () => {
  const texts = snippetsOf('gw-k', 'http://0.0.0.0:8080', 'fast').map(({ text }) => text)
  expect(texts[0]).toBe('export OPENAI_BASE_URL=http://127.0.0.1:8080/v1\nexport OPENAI_API_KEY=gw-k')
  expect(texts.every((text) => text.includes('gw-k') && text.includes('http://127.0.0.1:8080'))).toBe(true)
  expect(snippetsOf('gw-k', 'http://[::]:1', 'm')[1]?.text).toContain('http://127.0.0.1:1\n')
})
