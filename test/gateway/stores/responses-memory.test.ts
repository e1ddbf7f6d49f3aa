import { describe, expect, test } from 'vitest'
import type { Json } from '../../../gateway/chat/json.ts'
import { createMemoryResponses, type ResponsesSettings } from '../../../gateway/stores/responses-memory.ts'
import type { KeptResponse, Responses } from '../../../gateway/stores/responses.ts'

const hourMs = 60 * 60 * 1000

function open(settings: Partial<ResponsesSettings> = {}): { responses: Responses; wait: (ms: number) => void } {
  let now = 0
  const responses = createMemoryResponses({ now: () => now, ...settings })
  return { responses, wait: (ms) => void (now += ms) }
}

function kept(id: string, input: Json[] = ['question'], text = 'answer'): KeptResponse {
  return { input, response: { id, model: 'm', output: [{ id: `msg_${id}`, type: 'message', text }] } }
}

test('gives back what it was given, and its items', () => {
  const { responses } = open()
  responses.keep('a', kept('r1'))
  expect(responses.find('a', 'r1')).toEqual(kept('r1'))
  expect(responses.findItem('a', 'msg_r1')).toEqual({ id: 'msg_r1', type: 'message', text: 'answer' })
  expect(responses.find('a', 'r2')).toBeUndefined()
  expect(responses.findItem('a', 'msg_r2')).toBeUndefined()
})

test('nobody sees what is in another scope, even where it is the same', () => {
  const { responses } = open()
  responses.keep('a', kept('r1'))
  responses.keep('b', kept('r2'))
  expect(responses.find('b', 'r1')).toBeUndefined()
  expect(responses.findItem('b', 'msg_r1')).toBeUndefined()
  expect(responses.forget('b', 'r1')).toBe(false)
  expect(responses.find('a', 'r1')).toBeDefined()
})

test('keeping again replaces', () => {
  const { responses } = open()
  responses.keep('a', kept('r1'))
  responses.keep('a', kept('r1', ['question'], 'other'))
  expect(responses.find('a', 'r1')).toEqual(kept('r1', ['question'], 'other'))
  expect(responses.findItem('a', 'msg_r1')).toMatchObject({ text: 'other' })
})

describe('forgets', () => {
  test('one', () => {
    const { responses } = open()
    responses.keep('a', kept('r1'))
    responses.keep('a', kept('r2', [...kept('r1').response.output]))
    expect(responses.forget('a', 'r1')).toBe(true)
    expect(responses.forget('a', 'r1')).toBe(false)
    expect(responses.find('a', 'r1')).toBeUndefined()
    expect(responses.find('a', 'r2')?.input).toEqual(kept('r1').response.output)
  })

  test('a whole scope', () => {
    const { responses } = open()
    responses.keep('a', kept('r1'))
    responses.keep('a', kept('r2'))
    responses.keep('b', kept('r3'))
    expect(responses.forget('a')).toBe(true)
    expect(responses.find('a', 'r1') ?? responses.find('a', 'r2')).toBeUndefined()
    expect(responses.find('b', 'r3')).toBeDefined()
    expect(responses.forget('a')).toBe(false)
  })

  test('what is a day old, however often it was used', () => {
    const { responses, wait } = open()
    responses.keep('a', kept('r1'))
    wait(23 * hourMs)
    responses.keep('a', kept('r2'))
    expect(responses.find('a', 'r1')).toBeDefined()
    wait(2 * hourMs)
    expect(responses.find('a', 'r1')).toBeUndefined()
    expect(responses.findItem('a', 'msg_r1')).toBeUndefined()
    expect(responses.find('a', 'r2')).toBeDefined()
  })

  test('what was not used for longest, where there is no more room', () => {
    const { responses } = open({ maxBytes: 40_000 })
    const long = (name: string): Json[] => [name.repeat(5000)]
    responses.keep('a', kept('r1', long('x')))
    responses.keep('a', kept('r2', long('y')))
    responses.keep('a', kept('r3', long('z')))
    expect(responses.find('a', 'r1')).toBeDefined()
    responses.keep('a', kept('r4', long('w')))
    expect(['r1', 'r2', 'r3', 'r4'].map((id) => responses.find('a', id) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  test('at once what is larger than all the room', () => {
    const { responses } = open({ maxBytes: 1000 })
    responses.keep('a', kept('r1', ['x'.repeat(5000)]))
    expect(responses.find('a', 'r1')).toBeUndefined()
  })
})

test('the turns of a conversation share what they have in common', () => {
  const { responses } = open({ maxBytes: 100_000 })
  const input: Json[] = ['x'.repeat(20_000)]
  for (let turn = 0; turn < 50; turn += 1) {
    input.push(`question ${turn}`)
    responses.keep('a', kept(`r${turn}`, [...input]))
    input.push(...kept(`r${turn}`).response.output)
  }
  // Each would need 40 kB of its own.
  expect(responses.find('a', 'r0')).toBeDefined()
  expect(responses.find('a', 'r49')?.input).toHaveLength(100)
})

test('a conversation that repeats one long item is not kept beyond what may be sent again', () => {
  const { responses } = open()
  const item = 'x'.repeat(1024 * 1024)
  responses.keep(
    'a',
    kept(
      'r1',
      Array.from({ length: 20 }, () => item),
    ),
  )
  responses.keep(
    'a',
    kept(
      'r2',
      Array.from({ length: 40 }, () => item),
    ),
  )
  expect(responses.find('a', 'r1')?.input).toHaveLength(20)
  expect(responses.find('a', 'r2')).toBeUndefined()
})
