import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { unsealFor } from '../../../../../gateway/dialects/gemini/client/unseal.ts'

const target = { provider: 'google', model: 'gemini-2.5-pro' }
const newer = { provider: 'google', model: 'gemini-3-pro' }
const own = seal({ ...target, signature: 'S' })
const foreign = seal({ provider: 'anthropic', model: 'claude', signature: 'F', text: 'hidden' })
const functionCall = { id: 'c', name: 'f', args: {} }

const table: [name: string, part: JsonObject, expected: JsonObject[]][] = [
  ['its own, on text', { text: '', thoughtSignature: own }, [{ text: '', thoughtSignature: 'S' }]],
  ['its own, on a call', { functionCall, thought_signature: own }, [{ functionCall, thought_signature: 'S' }]],
  ['raw', { functionCall, thoughtSignature: 'AVSo' }, [{ functionCall, thoughtSignature: 'AVSo' }]],
  ["another's, on text", { text: 'a', thoughtSignature: foreign }, [{ text: 'a' }]],
  ["another's, on nothing", { text: '', thoughtSignature: foreign }, []],
  ["another's, on a call", { functionCall, thoughtSignature: foreign }, [{ functionCall }]],
  ['no signature', { text: 'a' }, [{ text: 'a' }]],
]

test.each(table)('%s', (_name, part, expected) => {
  const body = {
    contents: [
      { role: 'model', parts: [part, { text: 'b' }] },
      { role: 'user', parts: [{ text: 'c' }] },
    ],
  }
  const before = structuredClone(body)
  expect(unsealFor(body, target)).toEqual({
    contents: [
      { role: 'model', parts: [...expected, { text: 'b' }] },
      { role: 'user', parts: [{ text: 'c' }] },
    ],
  })
  expect(body).toEqual(before)
})

test("a newer model's calls need a signature: the one that Google documents for calls of others", () => {
  const body = { contents: [{ role: 'model', parts: [{ functionCall, thoughtSignature: foreign }] }] }
  expect(unsealFor(body, newer)).toEqual({
    contents: [{ role: 'model', parts: [{ functionCall, thoughtSignature: 'skip_thought_signature_validator' }] }],
  })
})

test('a thought that a call carried is no signature of the call, even of its own maker', () => {
  const thoughtSignature = seal({ ...target, signature: 'S', text: '' })
  const body = { contents: [{ role: 'model', parts: [{ functionCall, thoughtSignature }] }] }
  expect(unsealFor(body, target)).toEqual({ contents: [{ role: 'model', parts: [{ functionCall }] }] })
})

test('a turn of which nothing is left goes', () => {
  const body = {
    contents: [{ role: 'model', parts: [{ text: '', thoughtSignature: foreign }] }, { parts: [{ text: 'c' }] }],
  }
  expect(unsealFor(body, target)).toEqual({ contents: [{ parts: [{ text: 'c' }] }] })
})
