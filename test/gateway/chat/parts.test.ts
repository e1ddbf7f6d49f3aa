import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import { Parts } from '../../../gateway/chat/parts.ts'

function run(act: (parts: Parts) => void): ChatEvent[] {
  const events: ChatEvent[] = []
  act(new Parts((event) => events.push(event)))
  return events
}

/** `kind block choice`, and what else is told. */
function short(event: ChatEvent): string {
  const { type, ...rest } = event
  return [
    type,
    ...Object.values(rest as Record<string, unknown>).map((value) =>
      typeof value === 'string' ? value : JSON.stringify(value),
    ),
  ].join(' ')
}

const stories: [name: string, act: (parts: Parts) => void, expected: string[]][] = [
  ['nothing', (parts) => parts.end(), []],
  [
    'text opens once and closes',
    (parts) => {
      parts.text(0, 'a')
      parts.text(0, 'b')
      parts.end()
    },
    ['text-start 0 0', 'text-delta 0 0 a', 'text-delta 0 0 b', 'text-end 0 0'],
  ],
  [
    'empty pieces open nothing',
    (parts) => {
      parts.text(0, '')
      parts.reasoning(0, '')
      parts.toolDelta(0, 'x', '')
      parts.end()
    },
    [],
  ],
  [
    'logprobs without text count',
    (parts) => {
      parts.text(0, '', { content: [] })
      parts.end()
    },
    ['text-start 0 0', 'text-delta 0 0  {"content":[]}', 'text-end 0 0'],
  ],
  [
    'reasoning ends before text, text before reasoning',
    (parts) => {
      parts.reasoning(0, 'r')
      parts.text(0, 't')
      parts.reasoning(0, 'q')
      parts.end()
    },
    [
      ...['reasoning-start 0 0', 'reasoning-delta 0 0 r', 'reasoning-end 0 0'],
      ...['text-start 1 0', 'text-delta 1 0 t', 'text-end 1 0'],
      ...['reasoning-start 2 0', 'reasoning-delta 2 0 q', 'reasoning-end 2 0'],
    ],
  ],
  [
    'a signature is told at the end of its block',
    (parts) => {
      parts.reasoning(0, 'r')
      parts.sign(0, 's')
      parts.text(0, 't')
      parts.end()
    },
    [
      ...['reasoning-start 0 0', 'reasoning-delta 0 0 r', 'reasoning-end 0 0 s'],
      ...['text-start 1 0', 'text-delta 1 0 t', 'text-end 1 0'],
    ],
  ],
  [
    'a signature alone opens an empty block',
    (parts) => {
      parts.sign(0, 's')
      parts.end()
    },
    ['reasoning-start 0 0', 'reasoning-end 0 0 s'],
  ],
  [
    'redacted reasoning is a block of its own',
    (parts) => {
      parts.reasoning(0, 'r')
      parts.redacted(0, 'd')
      parts.reasoning(0, 'q')
      parts.end()
    },
    [
      ...['reasoning-start 0 0', 'reasoning-delta 0 0 r', 'reasoning-end 0 0'],
      ...['reasoning-start 1 0', 'reasoning-end 1 0 d'],
      ...['reasoning-start 2 0', 'reasoning-delta 2 0 q', 'reasoning-end 2 0'],
    ],
  ],
  [
    'tool calls stay open together, and close text',
    (parts) => {
      parts.text(0, 't')
      parts.toolStart(0, 0, { id: 'a', name: 'f' })
      parts.toolStart(0, 1, { id: 'b', name: 'g' })
      parts.toolDelta(0, 0, '1')
      parts.toolDelta(0, 1, '2')
      parts.end()
    },
    [
      ...['text-start 0 0', 'text-delta 0 0 t', 'text-end 0 0', 'tool-start 1 0 a f', 'tool-start 2 0 b g'],
      ...['tool-delta 1 0 1', 'tool-delta 2 0 2', 'tool-end 1 0', 'tool-end 2 0'],
    ],
  ],
  [
    'a second start under a live key closes the first',
    (parts) => {
      parts.toolStart(0, 0, { id: 'a', name: 'f' })
      parts.toolStart(0, 0, { id: 'b', name: 'f' })
      parts.end()
    },
    ['tool-start 0 0 a f', 'tool-end 0 0', 'tool-start 1 0 b f', 'tool-end 1 0'],
  ],
  [
    'signatures of calls, at the start or later',
    (parts) => {
      parts.toolStart(0, 0, { id: 'a', name: 'f', signature: 's' })
      parts.toolStart(0, 1, { id: 'b', name: 'f' })
      parts.toolSign(0, 1, 't')
      parts.toolSign(0, 9, 'nobody')
      parts.end()
    },
    ['tool-start 0 0 a f s', 'tool-start 1 0 b f', 'tool-end 0 0 s', 'tool-end 1 0 t'],
  ],
  [
    'choices do not touch each other; the end of one leaves the other',
    (parts) => {
      parts.text(0, 'a')
      parts.text(1, 'b')
      parts.end(0)
      parts.text(1, 'c')
      parts.end()
    },
    [
      'text-start 0 0',
      'text-delta 0 0 a',
      'text-start 1 1',
      'text-delta 1 1 b',
      'text-end 0 0',
      'text-delta 1 1 c',
      'text-end 1 1',
    ],
  ],
]

test.each(stories)('%s', (_, act, expected) => {
  expect(run(act).map(short)).toEqual(expected)
})

describe('questions', () => {
  test('which tools are open, which choices called one', () => {
    run((parts) => {
      expect(parts.sawTool(0)).toBe(false)
      parts.toolStart(0, 'k', { id: 'a', name: 'f' })
      expect(parts.toolIsOpen(0, 'k')).toBe(true)
      expect(parts.toolIsOpen(1, 'k')).toBe(false)
      parts.toolEnd(0, 'k')
      expect(parts.toolIsOpen(0, 'k')).toBe(false)
      expect([parts.sawTool(0), parts.sawTool(1)]).toEqual([true, false])
    })
  })

  test('a number and its text are the same key', () => {
    expect(
      run((parts) => {
        parts.toolStart(0, 1, { id: 'a', name: 'f' })
        parts.toolDelta(0, '1', 'x')
      }).map(short),
    ).toEqual(['tool-start 0 0 a f', 'tool-delta 0 0 x'])
  })
})
