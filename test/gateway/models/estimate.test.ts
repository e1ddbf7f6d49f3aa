import { describe, expect, test } from 'vitest'
import { estimateInputTokens, estimateTokens } from '../../../gateway/models/estimate.ts'

test.each([
  ['', 0],
  ['a', 1],
  ['abcd', 1],
  ['abcde', 2],
  ['a'.repeat(400), 100],
  ['日本語の文章', 5],
  ['한국어', 3],
  ['abcd日本', 3],
])('%s -> %i', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens)
})

describe('a request', () => {
  const table: [what: string, body: unknown, tokens: number][] = [
    ['nothing', undefined, 0],
    ['no object', 'text', 0],
    ['roles and texts of messages', { messages: [{ role: 'user', content: 'abcdefgh' }] }, 3],
    ['text parts', { messages: [{ content: [{ type: 'text', text: 'abcdefgh' }] }] }, 3],
    ['a prompt', { prompt: 'abcdefgh' }, 2],
    ['an input', { input: ['abcd', 'abcd'] }, 2],
    ['tools', { tools: [{ function: { name: 'abcd', parameters: { type: 'abcd' } } }] }, 2],
    ['numbers and other members are not words', { temperature: 1, user: 'abcd', messages: [1, null, true] }, 0],
    ['an image in the body is not its base64 text', { input: `data:image/png;base64,${'A'.repeat(100_000)}` }, 800],
    ['nor is bare base64', { input: 'QUJD'.repeat(2000) }, 800],
    ['a long text is a text', { input: 'word '.repeat(1000) }, 1250],
  ]
  test.each(table)('%s', (_what, body, tokens) => {
    expect(estimateInputTokens(body)).toBe(tokens)
  })
})
