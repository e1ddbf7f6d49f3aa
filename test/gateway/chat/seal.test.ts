import { expect, test } from 'vitest'
import { seal, sealMark, unseal } from '../../../gateway/chat/seal.ts'

test.each([
  { provider: 'an', model: 'claude', signature: 'EqQB/+==' },
  { provider: 'goo/gle', model: 'gemini "3"', redacted: 'data' },
  { provider: 'p', model: 'm' },
  { provider: 'p', model: 'm', signature: 's', text: 'Hm… 🙂' },
  { provider: 'p', model: 'm', signature: 's', call: 'call_1' },
])('what was sealed is opened as it was: %j', (sealed) => {
  const text = seal(sealed)
  expect(text.startsWith(sealMark)).toBe(true)
  // Google's field is bytes: anything but base64 would be refused.
  expect(Buffer.from(text, 'base64').toString('base64')).toBe(text)
  expect(unseal(text)).toEqual(sealed)
})

test('what is sealed is not sealed again', () => {
  const text = seal({ provider: 'a', model: 'm', signature: 's' })
  expect(seal({ provider: 'b', model: 'n', signature: text })).toBe(text)
  expect(seal({ provider: 'b', model: 'n', redacted: text })).toBe(text)
})

test.each([
  '',
  'EqQBCkgIARABGAIi',
  sealMark,
  `${sealMark}AAAA`,
  Buffer.from('llmgw1[1]').toString('base64'),
  Buffer.from('llmgw1{"provider":"p","model":"m","text":1}').toString('base64'),
])('not ours: %j', (text) => {
  expect(unseal(text)).toBeUndefined()
})
