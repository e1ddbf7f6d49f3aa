import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { compactionPrompt } from '../../../../../gateway/dialects/openai-responses/client/compaction.ts'
import { encodeWhole } from '../../../../../gateway/dialects/openai-responses/client/encode-whole.ts'
import { unsealFor } from '../../../../../gateway/dialects/openai-responses/client/unseal.ts'
import { aboutOf, encodeEvents } from './encoding.ts'
import { read } from './reading.ts'

const at = { block: 0, choice: 0 }
const events: ChatEvent[] = [
  { type: 'start', model: 'real' },
  { type: 'reasoning-start', ...at },
  { type: 'reasoning-delta', ...at, text: 'Hm' },
  { type: 'reasoning-end', ...at },
  { type: 'text-delta', block: 1, choice: 0, text: 'They said ' },
  { type: 'text-delta', block: 1, choice: 0, text: 'hello.' },
  { type: 'finish', choice: 0, reason: { unified: 'stop' } },
]
const asked = {
  input: [{ role: 'user', content: 'Hello' }, { type: 'compaction_trigger' }],
  tools: [{ type: 'function', name: 'f' }],
}
const summary = 'Summary of the conversation so far:\n\nThey said hello.'

function compacted(): JsonObject {
  const items = encodeEvents(events, aboutOf(asked)).filter(({ type }) => type === 'response.output_item.done')
  expect(items).toHaveLength(1)
  return items[0]?.['item'] as JsonObject
}

test('the model is asked for a summary, and for nothing else', () => {
  const { value, warnings } = read(asked)
  expect(value.messages).toEqual([
    { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    { role: 'user', parts: [{ type: 'text', text: compactionPrompt }] },
  ])
  expect(value.toolChoice).toEqual({ type: 'none' })
  expect(warnings).toEqual([])
})

test('the answer is exactly one compaction item, as a stream and whole', () => {
  const item = compacted()
  expect(item).toEqual({ id: 'cmp_c1_0', type: 'compaction', encrypted_content: expect.any(String) })
  expect(encodeEvents(events, aboutOf(asked)).at(-1)?.['response']).toMatchObject({
    status: 'completed',
    output: [item],
  })
  const reply = collect([{ type: 'text-start', block: 1, choice: 0 }, ...events])
  expect(encodeWhole(reply, aboutOf(asked))['output']).toEqual([item])
})

describe('it comes back as what it says', () => {
  test('to be translated', () => {
    const { value } = read({ input: [compacted(), { role: 'user', content: 'And?' }] })
    expect(value.messages[0]).toEqual({ role: 'user', parts: [{ type: 'text', text: summary }] })
  })

  test('to a provider that speaks Responses', () => {
    expect(unsealFor({ input: [compacted()] }, { provider: 'p', model: 'asked' })).toEqual({
      input: [{ type: 'message', role: 'user', content: summary }],
    })
  })
})

test("OpenAI's own is left out, and told", () => {
  const { warnings } = read({
    input: [
      { type: 'compaction', encrypted_content: 'gAAA' },
      { role: 'user', content: 'x' },
    ],
  })
  expect(warnings).toEqual([{ feature: 'input[0]', reason: "an item of type 'compaction' was left out" }])
})
