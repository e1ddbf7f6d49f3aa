import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { seal } from '../../../../gateway/chat/seal.ts'
import { geminiCountTokens } from '../../../../gateway/dialects/gemini-count-tokens/index.ts'

const { client, provider } = geminiCountTokens

function count(body: JsonObject): unknown {
  return client?.answerLocally?.(body)['totalTokens']
}

const contents = [{ parts: [{ text: 'x'.repeat(400) }] }]

test('contents alone and a whole request count the same', () => {
  expect(count({ contents })).toBe(100)
  expect(count({ generateContentRequest: { model: 'models/m', contents } })).toBe(100)
  expect(count({ generate_content_request: { contents } })).toBe(100)
})

test('instructions and tools count too', () => {
  const system = { parts: [{ text: 'x'.repeat(400) }] }
  const tools = [{ functionDeclarations: [{ description: 'x'.repeat(400) }] }]
  expect(count({ contents, systemInstruction: system, tools })).toBe(300)
  expect(count({ contents, system_instruction: system })).toBe(200)
})

test('an image counts as one, whatever its bytes', () => {
  const image = (length: number) => [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'A'.repeat(length) } }] }]
  expect(count({ contents: image(100_000) })).toBe(count({ contents: image(1_000_000) }))
  expect(Number(count({ contents: image(100_000) }))).toBeLessThan(2000)
})

test('where the provider is asked', () => {
  expect(provider?.path({ model: 'gemini-2.5-pro', stream: false })).toBe('/models/gemini-2.5-pro:countTokens')
  const body = { generateContentRequest: { model: 'models/mine', contents } }
  expect(client?.rename?.(body, 'gemini-2.5-pro')).toEqual({
    generateContentRequest: { model: 'models/gemini-2.5-pro', contents },
  })
})

test('signatures are opened wherever the request is', () => {
  const target = { provider: 'google', model: 'gemini-2.5-pro' }
  const turn = (thoughtSignature: string) => ({
    contents: [{ role: 'model', parts: [{ text: 'a', thoughtSignature }] }],
  })
  const sealed = turn(seal({ ...target, signature: 'S' }))
  expect(client?.unsealFor?.(sealed, target)).toEqual(turn('S'))
  expect(client?.unsealFor?.({ generateContentRequest: sealed }, target)).toEqual({ generateContentRequest: turn('S') })
})
