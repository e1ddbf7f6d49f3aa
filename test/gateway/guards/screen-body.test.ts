import { expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { createGuard } from '../../../gateway/guards/guard.ts'
import { screenBody } from '../../../gateway/guards/screen-body.ts'
import { fakeSecrets } from './fake-secrets.ts'

const guards = (['secrets', 'pii'] as const).map((check) =>
  createGuard({ name: check, check, action: 'redact', on: ['request'] }),
)
const mail = 'jane@example.com'
const awsKey = fakeSecrets['aws-access-key']
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
  ['a picture', { image_url: { url: `data:image/png;base64,abc/${awsKey}/abc=` } }, undefined],
  ['bytes', { source: { type: 'base64', data: `${'abcd/'.repeat(100)}${awsKey}/abc=` } }, undefined],
  ['an address of data that is text', { content: `data:ok, ${mail}` }, { content: `data:ok, ${gone}` }],
  [
    'a key alone where bytes could be',
    { source: { type: 'text', data: awsKey } },
    { source: { type: 'text', data: '[redacted:aws-access-key]' } },
  ],
  [
    'a parameter whose name is one of ours',
    { tools: [{ parameters: { properties: { id: { type: 'string', description: mail } } } }] },
    { tools: [{ parameters: { properties: { id: { type: 'string', description: gone } } } }] },
  ],
  [
    'the schema of an answer',
    { text: { format: { type: 'json_schema', name: mail, schema: { description: mail } } } },
    { text: { format: { type: 'json_schema', name: mail, schema: { description: gone } } } },
  ],
  ['notes of the caller, by any name', { metadata: { name: mail } }, { metadata: { name: gone } }],
  ['encrypted thinking', { content: [{ type: 'redacted_thinking', data: `${mail} ${mail}` }] }, undefined],
  [
    'a password in JSON in JSON in JSON',
    { arguments: JSON.stringify({ body: JSON.stringify({ password: 'Tr0ub4dor&3xyz' }) }) },
    { arguments: JSON.stringify({ body: JSON.stringify({ password: '[redacted:assigned-secret]' }) }) },
  ],
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

const [first = '', ...lines] = fakeSecrets['private-key'].split('\n')
const cut = '[redacted:private-key]'

test.each<[string, object, object]>([
  ['whose end is missing', { a: `${first}\n${lines[0]}`, b: 'text' }, { a: cut, b: 'text' }],
  ['in lines', { a: [first, lines[0], lines[1]], b: 'text' }, { a: [cut, cut, cut], b: 'text' }],
  ['over objects', [{ a: first }, { b: ['short', lines[0], lines.at(-1)] }], [{ a: cut }, { b: ['short', cut, cut] }]],
])('arguments with a key %s are JSON afterwards', async (_name, value, clean) => {
  const { changed } = await screenBody({ arguments: JSON.stringify(value) }, guards, 'request')
  expect(JSON.parse((changed as { arguments: string }).arguments)).toEqual(clean)
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
