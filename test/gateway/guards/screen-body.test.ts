import { expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { createGuard } from '../../../gateway/guards/guard.ts'
import { screenBody } from '../../../gateway/guards/screen-body.ts'
import { fakeSecrets } from './fake-secrets.ts'

const guards = (['secrets', 'pii'] as const).map((check) =>
  createGuard({ name: check, check, action: 'redact', on: ['request'] }),
)
const mail = 'jane@example.com'
const gone = '[redacted:email]'

test.each<[string, JsonObject, JsonObject | undefined]>([
  ['OpenAI text', { messages: [{ role: 'user', content: mail }] }, { messages: [{ role: 'user', content: gone }] }],
  ['a system prompt', { system: [{ type: 'text', text: mail }] }, { system: [{ type: 'text', text: gone }] }],
  ['Gemini parts', { contents: [{ parts: [{ text: mail }] }] }, { contents: [{ parts: [{ text: gone }] }] }],
  [
    'arguments as text',
    { arguments: `{"to":"${mail}","n":4111111111111111}` },
    { arguments: `{"to":"${gone}","n":4111111111111111}` },
  ],
  [
    'input of a tool, by any name',
    { content: [{ type: 'tool_use', input: { id: mail } }] },
    { content: [{ type: 'tool_use', input: { id: gone } }] },
  ],
  [
    'a value whose name says it',
    { input: { password: 'Tr0ub4dor&3xyz' } },
    { input: { password: '[redacted:assigned-secret]' } },
  ],
  ['an end user', { user: mail }, { user: gone }],
  ['ids', { id: mail, tool_call_id: mail, model: mail }, undefined],
  ['a picture', { image_url: { url: `data:image/png;base64,${mail}` } }, undefined],
  ['bytes', { source: { type: 'base64', data: 'QUtJQUZBS0VGQUtFMTIzNEZBS0U=' } }, undefined],
  ['signed thinking', { content: [{ type: 'thinking', thinking: mail, signature: 's' }] }, undefined],
  [
    'thinking without a signature',
    { content: [{ type: 'thinking', thinking: mail }] },
    { content: [{ type: 'thinking', thinking: gone }] },
  ],
  ['our own extension', { 'x-gateway': { metadata: { user_id: mail } } }, undefined],
])('a request: %s', async (_name, body, clean) => {
  const before = structuredClone(body)
  expect((await screenBody(body, guards, 'request')).changed).toEqual(clean)
  expect(body).toEqual(before)
})

test('an answer: what was signed is so no more, and what was weighed word by word goes', async () => {
  const body = {
    content: [{ type: 'thinking', thinking: mail, signature: 's' }],
    choices: [{ message: { content: mail }, logprobs: { content: [{ token: 'jane' }] } }],
    instructions: mail,
  }
  expect((await screenBody(body, guards, 'response')).changed).toEqual({
    content: [{ type: 'thinking', thinking: gone }],
    choices: [{ message: { content: gone }, logprobs: null }],
    instructions: mail,
  })
})

test('long arguments are looked at in slices, and stay JSON', async () => {
  const rows = Array.from({ length: 3000 }, (_, index) => ({
    n: 4_111_111_111_111_111,
    to: `a\n"${index}" ${mail}`,
    é: '\\',
  }))
  const { findings, changed } = await screenBody({ arguments: JSON.stringify(rows) }, guards, 'request')
  expect(findings.list().map(({ found }) => found)).toEqual([{ email: 3000 }])
  const clean = rows.map((row) => ({ ...row, to: row.to.replace(mail, gone) }))
  expect(JSON.parse((changed as { arguments: string }).arguments)).toEqual(clean)
})

test('a long text is looked at in slices: nothing is lost at their borders, and others get their turn', async () => {
  const key = fakeSecrets['private-key']
  const body = { content: `${'word '.repeat(9000)}${key} ${`${mail} ${'word '.repeat(3000)}`.repeat(40)}` }
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const { findings, changed } = await screenBody(body, guards, 'request')
  isOver = true
  expect(findings.list().map(({ found }) => found)).toEqual([{ 'private-key': 1 }, { email: 40 }])
  expect(JSON.stringify(changed)).not.toContain('PRIVATE')
  expect(turns).toBeGreaterThan(3)
})
