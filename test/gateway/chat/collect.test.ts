import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect, Collector, replay, type ChatChoice, type ChatReply } from '../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import type { AssistantPart } from '../../../gateway/chat/request.ts'
import { checkEvents } from '../../conformance/event-invariants.ts'

const full: ChatReply = {
  id: 'x',
  model: 'm',
  created: 5,
  serviceTier: 'default',
  fingerprint: 'fp',
  choices: [
    {
      parts: [
        { type: 'reasoning', text: 'r', signature: 's' },
        { type: 'reasoning', text: '', redacted: 'd' },
        { type: 'text', text: 'hello 🙂' },
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":"🙂"}', signature: 't' },
        { type: 'tool-call', id: 'e', name: 'g', arguments: '' },
      ],
      annotations: [{ url: 'https://a', title: 'A', start: 0, end: 5 }],
      finish: { unified: 'tool-calls', raw: 'tool_use' },
    },
    { parts: [{ type: 'refusal', text: 'no' }], annotations: [], finish: { unified: 'content-filter' } },
  ],
  usage: { input: 1, output: 2 },
}

describe('replay and collect', () => {
  test.each([1, 2, 3, Number.POSITIVE_INFINITY, 0, -1])('a reply in slices of %d', (sliceLength) => {
    const events = [...replay(full, sliceLength)]
    expect(checkEvents(events)).toEqual([])
    expect(collect(events)).toEqual(full)
  })

  test('slices never split a surrogate pair', () => {
    for (const event of replay(full, 1))
      if (event.type === 'text-delta' || event.type === 'reasoning-delta') expect(event.text.isWellFormed()).toBe(true)
  })

  test('a broken reply keeps what came and its error', () => {
    const { usage: _, ...rest } = full
    const broken: ChatReply = {
      ...rest,
      choices: [{ parts: [{ type: 'text', text: 'a' }], annotations: [] }],
      error: { message: 'gone', status: 502, retryable: true },
    }
    const events = [...replay(broken)]
    expect(checkEvents(events)).toEqual([])
    expect(collect(events)).toEqual(broken)
  })

  test('logprobs go with the first text, whole', () => {
    const logprobs = { content: [{ token: 'ab', logprob: -1 }] }
    const choice: ChatChoice = {
      parts: [{ type: 'text', text: 'ab' }],
      annotations: [],
      logprobs,
      finish: { unified: 'stop' },
    }
    const events = [...replay({ choices: [choice] }, 1)]
    expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(1)
    expect(collect(events).choices[0]).toEqual(choice)
  })

  test('any reply comes back', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 })
    const part: fc.Arbitrary<AssistantPart> = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text }),
      fc.record({ type: fc.constant('reasoning' as const), text }),
      fc.record({ type: fc.constant('tool-call' as const), id: text, name: text, arguments: text }),
    )
    const choice: fc.Arbitrary<ChatChoice> = fc.record({
      parts: fc.array(part, { maxLength: 5 }),
      annotations: fc.constant([]),
      finish: fc.constant({ unified: 'stop' as const }),
    })
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (choices, sliceLength) => {
          const events = [...replay({ choices }, sliceLength)]
          expect(checkEvents(events)).toEqual([])
          expect(collect(events)).toEqual({ choices })
        },
      ),
    )
  })
})

test('beyond its limit a collector counts and keeps no more', () => {
  const collector = new Collector(10)
  collector.add({ type: 'text-start', block: 0, choice: 0 })
  for (let index = 0; index < 5; index += 1) collector.add({ type: 'text-delta', block: 0, choice: 0, text: 'four' })
  expect(collector.overflowed).toBe(true)
  expect(collector.length).toBe(20)
  expect(collector.reply.choices[0]?.parts).toEqual([{ type: 'text', text: 'fourfour' }])
})

describe('collect', () => {
  test('usage in pieces: the later member wins', () => {
    const events: ChatEvent[] = [
      { type: 'start' },
      { type: 'usage', usage: { input: 43, output: 1 } },
      { type: 'usage', usage: { input: 61 } },
      { type: 'usage', usage: { output: 9 } },
    ]
    expect(collect(events).usage).toEqual({ input: 61, output: 9 })
  })

  test('a choice that is told before an earlier one', () => {
    const events: ChatEvent[] = [
      { type: 'start' },
      { type: 'text-start', block: 0, choice: 1 },
      { type: 'text-delta', block: 0, choice: 1, text: 'b' },
      { type: 'text-end', block: 0, choice: 1 },
      { type: 'finish', choice: 1, reason: { unified: 'stop' } },
    ]
    expect(collect(events).choices).toEqual([
      { parts: [], annotations: [] },
      { parts: [{ type: 'text', text: 'b' }], annotations: [], finish: { unified: 'stop' } },
    ])
  })

  test('refusal pieces are one part, also the one at the finish', () => {
    const events: ChatEvent[] = [
      { type: 'start' },
      { type: 'refusal-delta', choice: 0, text: 'I ' },
      { type: 'refusal-delta', choice: 0, text: 'can' },
      { type: 'finish', choice: 0, reason: { unified: 'content-filter' }, refusal: 'not' },
    ]
    expect(collect(events).choices[0]?.parts).toEqual([{ type: 'refusal', text: 'I cannot' }])
  })

  test('logprobs are put together', () => {
    const delta = (text: string): ChatEvent => ({
      type: 'text-delta',
      block: 0,
      choice: 0,
      text,
      logprobs: { content: [{ token: text }] },
    })
    const events: ChatEvent[] = [{ type: 'start' }, { type: 'text-start', block: 0, choice: 0 }, delta('a'), delta('b')]
    expect(collect(events).choices[0]?.logprobs).toEqual({ content: [{ token: 'a' }, { token: 'b' }] })
  })

  test('pieces of a block that never opened are nothing', () => {
    expect(collect([{ type: 'text-delta', block: 7, choice: 0, text: 'x' }])).toEqual({ choices: [] })
  })
})

test('log probabilities of 100 000 tokens are collected in time', () => {
  const at = { block: 0, choice: 0 }
  const delta: ChatEvent = { type: 'text-delta', ...at, text: 'x', logprobs: { content: [{ token: 'x' }] } }
  const events: ChatEvent[] = [{ type: 'text-start', ...at }, ...Array.from({ length: 100_000 }, () => delta)]
  const { logprobs } = collect(events).choices[0] as ChatChoice
  expect((logprobs as { content: unknown[] }).content).toHaveLength(100_000)
  expect(delta).toMatchObject({ logprobs: { content: [{ token: 'x' }] } })
})
