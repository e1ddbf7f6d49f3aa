import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { ScriptedDialectId } from './scripted-dialect.ts'
import { type ScriptedUpstream, startScriptedUpstream } from './scripted-upstream.ts'

let upstream: ScriptedUpstream
beforeAll(async () => {
  upstream = await startScriptedUpstream(['m'])
})
afterAll(() => upstream.close())
beforeEach(() => upstream.reset())

const paths: Record<ScriptedDialectId, string> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
  gemini: '/v1beta/models/m:generateContent',
}

const headers = {
  'content-type': 'application/json',
  authorization: 'Bearer k',
  'x-goog-api-key': 'k',
  'anthropic-version': '2023-06-01',
}

async function ask(dialect: ScriptedDialectId, body: JsonObject): Promise<{ status: number; text: string }> {
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  const reply = await fetch(`${upstream.url}${paths[dialect]}`, init)
  return { status: reply.status, text: await reply.text() }
}

const user = { role: 'user', content: 'Hi' }
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
const chat = (...messages: JsonObject[]): JsonObject => ({ model: 'm', messages })
const anthropic = (...messages: JsonObject[]): JsonObject => ({ model: 'm', max_tokens: 2048, messages })
const responses = (...input: JsonObject[]): JsonObject => ({ model: 'm', input })
const gemini = (...contents: JsonObject[]): JsonObject => ({ contents })
const asked = { role: 'user', parts: [{ text: 'Hi' }] }
const toolUse = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] }
const toolResult = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' }
const functionCall = { functionCall: { name: 'f', args: {} } }
const signedCall = { ...functionCall, thoughtSignature: 'skip_thought_signature_validator' }

type Row = [dialect: ScriptedDialectId, what: string, body: JsonObject, words: RegExp]

const refused: Row[] = [
  ['openai-chat', 'an unknown member', { ...chat(user), thinking: {} }, /unknown member \\"thinking/],
  ['openai-chat', 'a call without result', chat(user, { role: 'assistant', tool_calls: [call] }, user), /no result/],
  ['openai-chat', 'a call at the end', chat(user, { role: 'assistant', tool_calls: [call] }), /no result/],
  ['openai-chat', 'a result of no call', chat(user, { role: 'tool', tool_call_id: 'x', content: '' }), /no call/],
  ['openai-chat', 'an unknown part', chat({ role: 'user', content: [{ type: 'image', source: {} }] }), /type must/],
  ['openai-chat', 'tools of Anthropic', { ...chat(user), tools: [{ name: 'f', input_schema: {} }] }, /tools\[0\]/],
  ['openai-responses', 'stop', { ...responses(user), stop: ['x'] }, /unknown member \\"stop/],
  ['openai-responses', 'messages', { model: 'm', messages: [user] }, /unknown member \\"messages/],
  ['openai-responses', 'a chat part', responses({ role: 'user', content: [{ type: 'text', text: 'x' }] }), /type must/],
  [
    'openai-responses',
    'a call without output',
    responses(user, { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }),
    /no tool output/,
  ],
  [
    'openai-responses',
    'an id of another kind',
    responses(user, { type: 'function_call', id: 'call_1', call_id: 'c', name: 'f', arguments: '{}' }),
    /must begin with/,
  ],
  [
    'openai-responses',
    'foreign encrypted reasoning',
    responses(user, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'abc' }),
    /never issued/,
  ],
  ['anthropic-messages', 'no max_tokens', { model: 'm', messages: [user] }, /max_tokens/],
  ['anthropic-messages', 'an unknown member', { ...anthropic(user), stop: ['x'] }, /unknown member \\"stop/],
  ['anthropic-messages', 'a system message', anthropic({ role: 'system', content: 'x' }), /role must/],
  ['anthropic-messages', 'an empty text', anthropic({ role: 'user', content: [{ type: 'text', text: '' }] }), /text/],
  ['anthropic-messages', 'a call without result', anthropic(user, toolUse, user), /no tool_result/],
  [
    'anthropic-messages',
    'a result behind words',
    anthropic(user, toolUse, { role: 'user', content: [{ type: 'text', text: 'x' }, toolResult] }),
    /come first/,
  ],
  [
    'anthropic-messages',
    'a foreign signature',
    anthropic(user, { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 'abc' }] }, user),
    /never issued/,
  ],
  [
    'anthropic-messages',
    'thinking of more than all tokens',
    { ...anthropic(user), thinking: { type: 'enabled', budget_tokens: 4096 } },
    /budget_tokens/,
  ],
  [
    'anthropic-messages',
    'thinking, and a tool turn without',
    {
      ...anthropic(user, toolUse, { role: 'user', content: [toolResult] }),
      thinking: { type: 'enabled', budget_tokens: 1024 },
    },
    /expected .*thinking/,
  ],
  ['gemini', 'an unknown member', { ...gemini(asked), messages: [] }, /unknown member \\"messages/],
  ['gemini', 'an unsigned call', gemini(asked, { role: 'model', parts: [functionCall] }), /thought_signature/],
  [
    'gemini',
    'a call without response',
    gemini(asked, { role: 'model', parts: [signedCall] }, asked),
    /0 function resp/,
  ],
  [
    'gemini',
    'a response to another call',
    gemini(
      asked,
      { role: 'model', parts: [signedCall] },
      { role: 'user', parts: [{ functionResponse: { name: 'g' } }] },
    ),
    /not called/,
  ],
  [
    'gemini',
    'a foreign signature',
    gemini(asked, { role: 'model', parts: [{ ...functionCall, thoughtSignature: 'abc' }] }),
    /never issued/,
  ],
  [
    'gemini',
    'a schema with words of JSON Schema',
    {
      ...gemini(asked),
      tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object', additionalProperties: false } }] }],
    },
    /Unknown name/,
  ],
  ['gemini', 'a part of two kinds', gemini({ role: 'user', parts: [{ text: 'x', inlineData: {} }] }), /one kind/],
]

describe('what the vendor would refuse is refused', () => {
  test.each(refused)('%s: %s', async (dialect, _, body, words) => {
    upstream.script({ kind: 'answer', answer: { text: 'never' } })
    const { status, text } = await ask(dialect, body)
    expect(text).toMatch(words)
    expect(status).toBe(400)
    expect(upstream.requests[0]?.refusal).toMatch(/refuses/)
  })
})

const plain: Record<ScriptedDialectId, JsonObject> = {
  'openai-chat': chat(user),
  'openai-responses': responses(user),
  'anthropic-messages': anthropic(user),
  gemini: gemini(asked),
}

test.each(Object.entries(plain))(
  '%s: a plain question is answered, and one beyond the script is not',
  async (...row) => {
    const [dialect, body] = row as [ScriptedDialectId, JsonObject]
    upstream.script({ kind: 'answer', answer: { text: 'Hello!' } })
    expect(await ask(dialect, body)).toMatchObject({ status: 200, text: expect.stringContaining('Hello!') as string })
    expect(await ask(dialect, body)).toMatchObject({ status: 400, text: expect.stringContaining('script') as string })
  },
)
