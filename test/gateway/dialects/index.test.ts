import { expect, test } from 'vitest'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { findDialect } from '../../../gateway/dialects/index.ts'

test.each<DialectId>(['openai-chat', 'openai-completions', 'openai-embeddings', 'anthropic-messages', 'gemini'])(
  '%s is found under its id, and can be spoken to a provider',
  (id) => {
    expect(findDialect(id)?.id).toBe(id)
    expect(findDialect(id)?.provider?.readError({ status: 500, headers: {}, body: '' })).toMatchObject({ status: 500 })
  },
)

test('an id without a folder is not found', () => {
  expect(findDialect('openai-responses')).toBeUndefined()
})
