import { expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { locateGemini } from '../../../gateway/http/locate-gemini.ts'

const table: [rest: string, dialect: string, model: string, stream: boolean][] = [
  ['gemini-2.5-pro:generateContent', 'gemini', 'gemini-2.5-pro', false],
  ['gemini-2.5-pro:streamGenerateContent', 'gemini', 'gemini-2.5-pro', true],
  ['llama3:8b:generateContent', 'gemini', 'llama3:8b', false],
  ['ollama/llama3:8b:streamGenerateContent', 'gemini', 'ollama/llama3:8b', true],
  ['models/gemini-2.5-pro:generateContent', 'gemini', 'gemini-2.5-pro', false],
  ['m:countTokens', 'gemini-count-tokens', 'm', false],
  ['m:embedContent', 'gemini-embed', 'm', false],
  ['m:batchEmbedContents', 'gemini-batch-embed', 'm', false],
]

test.each(table)('%s', (rest, dialect, model, stream) => {
  const located = locateGemini({ rest, query: { alt: 'sse' } })
  expect(located.dialect.id).toBe(dialect)
  expect(located.asked).toEqual({ model, stream })
  expect(located.wrap).toBeUndefined()
})

test.each([
  [{}, true],
  [{ alt: 'json' }, true],
  [{ alt: 'SSE' }, false],
])('a stream asked for with %o is an array: %s', (query, isArray) => {
  expect(locateGemini({ rest: 'm:streamGenerateContent', query }).wrap !== undefined).toBe(isArray)
  expect(locateGemini({ rest: 'm:generateContent', query }).wrap).toBeUndefined()
})

test.each(['m', 'm:', 'm:fly', 'llama3:8b', ':generateContent', 'models/:generateContent', ''])(
  'nothing at "%s"',
  (rest) => {
    expect(() => locateGemini({ rest, query: {} })).toThrow(GatewayError)
  },
)

test('an unknown method is answered with the known ones', () => {
  const ask = () => locateGemini({ rest: 'm:fly', query: {} })
  expect(ask).toThrow(/"m:fly".*:generateContent, :streamGenerateContent, :countTokens/)
  expect(ask).toThrow(expect.objectContaining({ code: 'not_found' }))
})
