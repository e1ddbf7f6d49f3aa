import { expect, test } from 'vitest'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { readGemini } from '../../../../../gateway/dialects/gemini/client/read.ts'
import { write } from '../../../../../gateway/dialects/gemini/provider/request.ts'

const model = 'gemini-2.5-flash'

/** What our provider side writes, read by our client side. */
function roundTrip(request: ChatRequest): ChatRequest {
  const { value } = write(request, { provider: 'p', model, facts: {} })
  return readGemini(JSON.parse(JSON.stringify(value)), { model: request.model, stream: request.stream }).value
}

const base: ChatRequest = { model, stream: true, messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] }

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }

const table: [name: string, members: Partial<ChatRequest>][] = [
  ['text', {}],
  ['system', { messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief' }] }, ...base.messages] }],
  [
    'sampling',
    {
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ['a', 'b'],
      seed: 3,
      count: 2,
      logprobs: { top: 2 },
    },
  ],
  ['thinking budget', { reasoning: { budgetTokens: 2048, visible: true } }],
  ['no thinking', { reasoning: { effort: 'none', visible: false } }],
  ['JSON', { output: { type: 'json' } }],
  ['JSON by a schema', { output: { type: 'json-schema', name: 'response', schema } }],
  [
    'tools',
    { tools: [{ name: 'f', description: 'd', parameters: schema }, { name: 'g' }], toolChoice: { type: 'auto' } },
  ],
  ['no tool', { tools: [{ name: 'f' }], toolChoice: { type: 'none' } }],
  ['some tool', { tools: [{ name: 'f' }], toolChoice: { type: 'required' } }],
  ['one tool', { tools: [{ name: 'f' }], toolChoice: { type: 'tool', name: 'f' } }],
  ['one of two tools', { tools: [{ name: 'f' }, { name: 'g' }], toolChoice: { type: 'required', tools: ['f', 'g'] } }],
  ['tier', { serviceTier: 'flex' }],
  [
    'media',
    {
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'See' },
            { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
            { type: 'audio', format: 'wav', data: 'AAAA' },
            { type: 'audio', format: 'mp3', data: 'AAAA' },
            { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } },
            { type: 'file', source: { type: 'id', id: 'abc' } },
            { type: 'file', source: { type: 'url', url: 'gs://bucket/a.pdf' } },
          ],
        },
      ],
    },
  ],
  [
    'calls and results',
    {
      messages: [
        ...base.messages,
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: 'Let me see' },
            { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x":{"y_z":[1]}}' },
            { type: 'tool-call', id: 'b', name: 'f', arguments: '{}' },
          ],
        },
        { role: 'tool', callId: 'a', name: 'f', parts: [{ type: 'text', text: 'plain' }] },
        { role: 'tool', callId: 'b', name: 'f', parts: [{ type: 'text', text: 'broken' }], isError: true },
        { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
      ],
    },
  ],
]

test.each(table)('%s', (_name, members) => {
  const request = { ...base, ...members }
  expect(roundTrip(request)).toEqual(request)
})
