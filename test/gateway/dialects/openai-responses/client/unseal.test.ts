import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { sealCall } from '../../../../../gateway/dialects/openai-responses/client/seal-call.ts'
import { unsealFor } from '../../../../../gateway/dialects/openai-responses/client/unseal.ts'

const maker = { provider: 'p', model: 'm' }
const thought = (encrypted_content: string | null): JsonObject => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content,
})

test.each<[name: string, item: JsonObject, expected: JsonObject[]]>([
  ['ours, to its maker', thought(seal({ ...maker, redacted: 'gAAA' })), [thought('gAAA')]],
  ['ours, signed, to its maker', thought(seal({ ...maker, signature: 'SIG' })), [thought('SIG')]],
  ['ours, to another model', thought(seal({ ...maker, model: 'n', redacted: 'gAAA' })), []],
  ['ours, to another provider', thought(seal({ ...maker, provider: 'q', redacted: 'gAAA' })), []],
  ['ours, never signed', thought(seal(maker)), []],
  ["a call's signature", thought(sealCall({ ...maker, signature: 'SIG' }, 'c1')), []],
  ["the provider's own", thought('gAAA'), [thought('gAAA')]],
  ['no content', thought(null), [thought(null)]],
  ['something else', { role: 'user', content: 'bGxtZ3cx' }, [{ role: 'user', content: 'bGxtZ3cx' }]],
])('%s', (_name, item, expected) => {
  const body = { model: 'm', input: [item] }
  const before = structuredClone(body)
  expect(unsealFor(body, maker)).toEqual({ model: 'm', input: expected })
  expect(body).toEqual(before)
})

test('an input of text is left alone', () => {
  expect(unsealFor({ input: 'bGxtZ3cx' }, maker)).toEqual({ input: 'bGxtZ3cx' })
})
