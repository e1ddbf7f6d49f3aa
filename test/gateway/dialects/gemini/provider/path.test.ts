import { expect, test } from 'vitest'
import { path } from '../../../../../gateway/dialects/gemini/provider/path.ts'

test.each([
  ['gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
  ['gemini-2.5-pro', true, '/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
  ['models/gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
  ['tunedModels/mine', true, '/tunedModels/mine:streamGenerateContent?alt=sse'],
  ['a model/../?key=x', false, '/models/a%20model%2F..%2F%3Fkey%3Dx:generateContent'],
])('%s, stream %s', (model, stream, expected) => {
  expect(path({ model, stream })).toBe(expected)
})
