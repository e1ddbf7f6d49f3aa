import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { memberValue } from '../../../gateway/dialects/members.ts'
import type { Call } from '../../../gateway/pipeline/call.ts'
import { createRecall } from '../../../gateway/pipeline/recall.ts'
import { createRemember } from '../../../gateway/pipeline/remember.ts'
import { createMemoryResponses } from '../../../gateway/stores/responses-memory.ts'
import { call, dialect, nobody, target } from './stage.ts'

const answer = {
  id: 'resp_1',
  object: 'response',
  output: [{ id: 'msg_1', type: 'message', role: 'assistant', content: [] }],
}

function world(): { recall: (call: Call) => Call; remember: (asked: Call) => boolean } {
  const responses = createMemoryResponses({ now: () => 0 })
  const recall = createRecall(responses)
  const { wants, keep } = createRemember(responses)
  return {
    recall: (asked) => recall(asked, nobody),
    remember(asked) {
      const isWanted = wants(asked, { alias: undefined, targets: [target({ passThrough: false })] })
      keep(asked, nobody, Buffer.from(JSON.stringify(answer)))
      return isWanted
    },
  }
}

const ask = (body: JsonObject): Call => call({ model: 'm', ...body }, { dialect: dialect('openai-responses') })

/** Parsing a long conversation for nothing is what a pass-through must not do. */
function unparsed(asked: Call): Call {
  return {
    ...asked,
    json: () => {
      throw new Error('parsed')
    },
  }
}

describe('recall', () => {
  test('members and body say the same', () => {
    const { recall, remember } = world()
    expect(remember(ask({ input: 'One?' }))).toBe(true)
    const recalled = recall(ask({ input: 'Two?', previous_response_id: 'resp_1', temperature: 0 }))
    expect(recalled.json()).toEqual({
      model: 'm',
      temperature: 0,
      input: [
        { type: 'message', role: 'user', content: 'One?' },
        answer.output[0],
        { type: 'message', role: 'user', content: 'Two?' },
      ],
    })
    expect(recalled.members.spans.has('previous_response_id')).toBe(false)
    expect(memberValue(recalled.members, 'input')).toEqual(recalled.json()['input'])
  })

  test.each<[name: string, body: JsonObject]>([
    ['an earlier response that is not known', { input: 'x', previous_response_id: 'resp_2' }],
    ['null', { input: 'x', previous_response_id: null }],
    ['an item that is not known', { input: [{ type: 'item_reference', id: 'msg_2' }] }],
    ['words that look like a reference', { input: 'say "item_reference"' }],
  ])('%s leaves the call as it is', (_name, body) => {
    const { recall, remember } = world()
    remember(ask({ input: 'One?' }))
    const asked = ask(body)
    expect(recall(asked)).toBe(asked)
  })

  test('what refers to nothing is not parsed, nor what is asked in another dialect', () => {
    const { recall } = world()
    for (const asked of [ask({ input: 'x' }), call()]) {
      const wary = unparsed(asked)
      expect(recall(wary)).toBe(wary)
    }
  })
})

describe('remember', () => {
  test('wants nothing of what providers keep, clients do not, or no dialect can refer to', () => {
    const { wants } = createRemember(createMemoryResponses({ now: () => 0 }))
    const translated = { alias: undefined, targets: [target(), target({ passThrough: false })] }
    expect(wants(unparsed(ask({ input: 'x' })), translated)).toBe(true)
    expect(wants(unparsed(ask({ input: 'x', store: null })), translated)).toBe(true)
    expect(wants(unparsed(ask({ input: 'x', store: false })), translated)).toBe(false)
    expect(wants(unparsed(ask({ input: 'x' })), { alias: undefined, targets: [target()] })).toBe(false)
    expect(wants(unparsed(call()), translated)).toBe(false)
  })

  test.each([
    ['no JSON', 'x'],
    ['no id', '{"output":[]}'],
    ['no output', '{"id":"resp_1"}'],
  ])('%s is no answer to keep', (_name, text) => {
    const responses = createMemoryResponses({ now: () => 0 })
    createRemember(responses).keep(ask({ input: 'x' }), nobody, Buffer.from(text))
    expect(responses.find(nobody.name, 'resp_1')).toBeUndefined()
  })
})

test('one long item that is named 10 000 times is refused before it fills the memory', () => {
  const responses = createMemoryResponses({ now: () => 0 })
  const text = 'x'.repeat(1024 * 1024)
  responses.keep(nobody.name, { input: [], response: { ...answer, output: [{ id: 'msg_1', type: 'message', text }] } })
  const input = Array.from({ length: 10_000 }, () => ({ type: 'item_reference', id: 'msg_1' }))
  expect(() => createRecall(responses)(ask({ input }), nobody)).toThrow('come to more than 32 MB')
})
