import { expect, test } from 'vitest'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import { checkEvents } from './event-invariants.ts'

const start: ChatEvent = { type: 'start' }
const open: ChatEvent = { type: 'text-start', block: 0, choice: 0 }
const say: ChatEvent = { type: 'text-delta', block: 0, choice: 0, text: 'a' }
const close: ChatEvent = { type: 'text-end', block: 0, choice: 0 }
const done: ChatEvent = { type: 'finish', choice: 0, reason: { unified: 'stop' } }
const called: ChatEvent = { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } }
const failed: ChatEvent = { type: 'error', error: { message: 'x', status: 500, retryable: true } }
const tool = (block: number, text: string): ChatEvent[] => [
  { type: 'tool-start', block, choice: 0, id: `c${block}`, name: 'x' },
  { type: 'tool-delta', block, choice: 0, arguments: text },
]

const sound: [name: string, events: ChatEvent[]][] = [
  ['text', [start, open, say, close, { type: 'usage', usage: { input: 1, output: 0 } }, done]],
  ['usage after the finish', [start, open, say, close, done, { type: 'usage', usage: {} }]],
  ['an error alone', [failed]],
  ['an error with blocks closed after it', [start, open, failed, close]],
  [
    'calls side by side',
    [
      start,
      ...tool(0, '{'),
      ...tool(1, ''),
      ...tool(0, '}').slice(1),
      { type: 'tool-end', block: 0, choice: 0 },
      { type: 'tool-end', block: 1, choice: 0 },
      called,
    ],
  ],
]
test.each(sound)('sound: %s', (_name, events) => {
  expect(checkEvents(events)).toEqual([])
})

const unsound: [problem: string, events: ChatEvent[]][] = [
  ['neither finish nor error', []],
  ['neither finish nor error', [start]],
  ['begins with text-start', [open, say, close, done]],
  ['second start', [start, start, done]],
  ['block 0 is never closed', [start, open, say, failed]],
  ['block 0 is open at finish', [start, open, say, done, close]],
  ['which is not open', [start, say, done]],
  ['which is not open', [start, open, close, close, done]],
  ['block 1 opened, 0 was due', [start, { ...open, block: 1 }, { ...close, block: 1 }, done]],
  [
    'reasoning opened while text is open',
    [
      start,
      open,
      { type: 'reasoning-start', block: 1, choice: 0 },
      { type: 'reasoning-end', block: 1, choice: 0 },
      close,
      done,
    ],
  ],
  ['which is text', [start, open, { type: 'reasoning-delta', block: 0, choice: 0, text: 'a' }, close, done]],
  ['moved to another choice', [start, open, { ...close, choice: 1 }, done, { ...done, choice: 1 }]],
  ['finish after finish', [start, done, done]],
  ['choice 1 never finishes', [start, done, { type: 'refusal-delta', choice: 1, text: 'no' }]],
  ['finish after error', [start, failed, done]],
  ['error without message', [{ type: 'error', error: { message: '', status: 500, retryable: true } }]],
  ['error status 200', [{ type: 'error', error: { message: 'x', status: 200, retryable: true } }]],
  [
    'tool call without id or name',
    [
      start,
      { type: 'tool-start', block: 0, choice: 0, id: '', name: 'x' },
      { type: 'tool-end', block: 0, choice: 0 },
      called,
    ],
  ],
  ['not JSON', [start, ...tool(0, '{"a'), { type: 'tool-end', block: 0, choice: 0 }, called]],
  ['exceeds usage.input', [start, done, { type: 'usage', usage: { input: 1, cacheRead: 2 } }]],
  ['not a count', [start, done, { type: 'usage', usage: { output: -1 } }]],
]
test.each(unsound)('unsound: %s', (problem, events) => {
  expect(checkEvents(events).join('\n')).toContain(problem)
})
