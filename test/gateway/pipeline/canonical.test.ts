import { expect, test, vi } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import type { ClientChat, Dialect } from '../../../gateway/dialects/dialect.ts'
import { canonicalRequest } from '../../../gateway/pipeline/canonical.ts'
import { call, dialect, hello } from './stage.ts'

test('read once for each call, however many targets are tried', () => {
  const chat = dialect()
  const client = chat.client?.chat as ClientChat
  const read = vi.fn((body: JsonObject) => client.read(body, { model: 'm', stream: false }))
  const counted = { ...chat, client: { ...chat.client, chat: { ...client, read } } } as Dialect
  const of = call(hello, { dialect: counted })
  expect(canonicalRequest(of)).toBe(canonicalRequest(of))
  expect(canonicalRequest(of).value).toMatchObject({ model: 'm', messages: [{ role: 'user' }] })
  // Two requests side by side each have a copy with an end of its own.
  expect(canonicalRequest({ ...of, signal: new AbortController().signal })).toBe(canonicalRequest(of))
  expect(read).toHaveBeenCalledTimes(1)
  canonicalRequest(call(hello, { dialect: counted }))
  expect(read).toHaveBeenCalledTimes(2)
})

test('what has no canonical form is not translated', () => {
  const of = call({ model: 'm', input: 'x' }, { dialect: dialect('openai-embeddings') })
  expect(() => canonicalRequest(of)).toThrow(expect.objectContaining({ code: 'unsupported_operation' }))
})
