import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import { createGuard, type GuardAction } from '../../../gateway/guards/guard.ts'
import { StreamGuard } from '../../../gateway/guards/stream-guard.ts'

const mail = 'jane@example.com'
const at = { block: 0, choice: 0 }
const logprobs = (...tokens: string[]) => ({ content: tokens.map((token) => ({ token })) })

function through(events: ChatEvent[], action: GuardAction = 'redact') {
  const sent: ChatEvent[] = []
  const guard = new StreamGuard([createGuard({ name: 'g', check: 'pii', action, on: ['response'] })], (event) => {
    sent.push(event)
  })
  for (const event of events) guard.add(event)
  return { sent, guard }
}

describe('reasoning', () => {
  const events = (text: string): ChatEvent[] => [
    { type: 'reasoning-start', ...at },
    { type: 'reasoning-delta', ...at, text },
    { type: 'reasoning-end', ...at, signature: 's' },
  ]

  test('that is changed loses its signature', () => {
    const { sent } = through(events(`see ${mail}`))
    expect(sent.at(-1)).toEqual({ type: 'reasoning-end', ...at })
    expect(sent.filter(({ type }) => type === 'reasoning-delta')).toEqual([
      { type: 'reasoning-delta', ...at, text: 'see ' },
      { type: 'reasoning-delta', ...at, text: '[redacted:email]' },
    ])
  })

  test('that is not keeps it', () => {
    expect(through(events('nothing here')).sent.at(-1)).toEqual({ type: 'reasoning-end', ...at, signature: 's' })
  })
})

describe('weights of words', () => {
  const events = (...texts: string[]): ChatEvent[] => [
    { type: 'text-start', ...at },
    ...texts.map((text): ChatEvent => ({ type: 'text-delta', ...at, text, logprobs: logprobs(text) })),
    { type: 'text-end', ...at },
  ]

  test('go with their words, and all of them go', () => {
    const { sent } = through(events('Hel', 'lo ', 'you'))
    const deltas = sent.filter(({ type }) => type === 'text-delta')
    expect(deltas).toEqual([
      { type: 'text-delta', ...at, text: 'Hello ', logprobs: logprobs('Hel', 'lo ') },
      { type: 'text-delta', ...at, text: 'you', logprobs: logprobs('you') },
    ])
  })

  test('of what is taken out go nowhere', () => {
    const { sent } = through(events('to jane@', 'example.com', ' now'))
    expect(JSON.stringify(sent)).not.toContain('jane')
  })
})

test('parallel calls are kept apart', () => {
  const call = (block: number, text: string): ChatEvent => ({ type: 'tool-delta', block, choice: 0, arguments: text })
  const { sent } = through([
    { type: 'tool-start', block: 0, choice: 0, id: 'a', name: 'f' },
    { type: 'tool-start', block: 1, choice: 0, id: 'b', name: 'f' },
    call(0, '{"x":"jane@'),
    call(1, '{"y":"joe@'),
    call(0, 'example.com"}'),
    call(1, 'home"}'),
    { type: 'tool-end', block: 0, choice: 0 },
    { type: 'tool-end', block: 1, choice: 0 },
  ])
  const text = (block: number): string =>
    sent.map((event) => (event.type === 'tool-delta' && event.block === block ? event.arguments : '')).join('')
  expect([text(0), text(1)]).toEqual(['{"x":"[redacted:email]"}', '{"y":"joe@home"}'])
})

test('refusals and titles of sources are looked at, too', () => {
  const { sent } = through([
    { type: 'refusal-delta', choice: 0, text: `I do not write to ${mail}` },
    { type: 'annotation', choice: 0, annotation: { url: 'https://example.com', title: `Mail ${mail}` } },
    { type: 'finish', choice: 0, reason: { unified: 'stop' } },
  ])
  expect(JSON.stringify(sent)).not.toContain(mail)
  expect(sent.at(-1)?.type).toBe('finish')
})

test('nothing follows a block, not what was found nor what came after', () => {
  const { sent, guard } = through(
    [
      { type: 'text-start', ...at },
      { type: 'text-delta', ...at, text: `Hello ${mail} and more words` },
      { type: 'text-end', ...at },
      { type: 'finish', choice: 0, reason: { unified: 'stop' } },
    ],
    'block',
  )
  expect(guard.blocked?.detector.name).toBe('email')
  expect(sent).toEqual([{ type: 'text-start', ...at }])
})
