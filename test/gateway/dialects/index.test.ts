import { expect, test } from 'vitest'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { findDialect } from '../../../gateway/dialects/index.ts'

const ids: DialectId[] = [
  'openai-chat',
  'openai-completions',
  'openai-embeddings',
  'openai-responses',
  'anthropic-messages',
  'anthropic-count-tokens',
  'gemini',
]
test.each(ids)('%s is found under its id, can be spoken to us and to a provider', (id) => {
  const dialect = findDialect(id)
  expect(dialect?.id).toBe(id)
  expect(dialect?.provider?.readError({ status: 500, headers: {}, body: '' })).toMatchObject({ status: 500 })
  expect(JSON.stringify(dialect?.client?.encodeError({ status: 500, message: 'It broke.' }))).toContain('It broke.')
})

test('an id without a folder is not found', () => {
  expect(findDialect('klingon' as DialectId)).toBeUndefined()
})
