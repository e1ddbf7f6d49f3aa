import { expect, test } from 'vitest'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import { observing } from '../../../gateway/pipeline/observe.ts'
import { nothingSeen, type Seen } from '../../../gateway/pipeline/relay.ts'

const at = { block: 0, choice: 0 }
const failure = { message: 'x', status: 500, retryable: true }

const table: [what: string, events: ChatEvent[], seen: Partial<Seen>][] = [
  [
    'a beginning is no content',
    [{ type: 'start' }, { type: 'text-start', ...at }],
    { content: false, finished: false },
  ],
  [
    'the first beginning says whose it is, every finish why',
    [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'start', id: 'b' },
      { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'end_turn' } },
      { type: 'finish', choice: 1, reason: { unified: 'length' } },
    ],
    { about: expect.objectContaining({ id: 'a', model: 'm' }) as Seen['about'], finishes: ['end_turn', 'length'] },
  ],
  ['text', [{ type: 'text-delta', ...at, text: 'abcdefgh' }], { content: true, outputEstimate: 2 }],
  ['empty text', [{ type: 'text-delta', ...at, text: '' }], { content: false, outputEstimate: 0 }],
  ['reasoning', [{ type: 'reasoning-delta', ...at, text: 'abcd' }], { content: true, outputEstimate: 1 }],
  [
    'a call and its arguments',
    [
      { type: 'tool-start', ...at, id: 'i', name: 'n' },
      { type: 'tool-delta', ...at, arguments: '{"a":1}' },
    ],
    { content: true, outputEstimate: 2 },
  ],
  [
    'usage in pieces',
    [
      { type: 'usage', usage: { input: 1, output: 1 } },
      { type: 'usage', usage: { output: 5 } },
    ],
    { content: false, usage: { input: 1, output: 5 } },
  ],
  ['a finish', [{ type: 'finish', choice: 0, reason: { unified: 'stop' } }], { finished: true, content: false }],
  [
    'a finish at the limit is content',
    [{ type: 'finish', choice: 0, reason: { unified: 'length' } }],
    { finished: true, content: true },
  ],
  [
    'a finish because of an error is none',
    [{ type: 'finish', choice: 0, reason: { unified: 'error' } }],
    { finished: false },
  ],
  [
    'the first error counts',
    [
      { type: 'error', error: failure },
      { type: 'error', error: { ...failure, message: 'y' } },
    ],
    { error: failure, finished: false },
  ],
]
test.each(table)('%s', (_what, events, expected) => {
  const seen = nothingSeen()
  const passed: ChatEvent[] = []
  const observe = observing(seen, (event) => passed.push(event))
  for (const event of events) observe(event)
  expect(seen).toMatchObject(expected)
  expect(passed).toEqual(events)
})
