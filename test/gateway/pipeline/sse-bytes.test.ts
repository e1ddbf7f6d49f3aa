import { describe, expect, test } from 'vitest'
import {
  beforeError,
  countEvents,
  eachEvent,
  endsWell,
  firstEventEnd,
  hasUsage,
  lastEventEnd,
  mentionsError,
  mentionsFinish,
  sentinelStart,
  withoutEmptyEvents,
} from '../../../gateway/pipeline/sse-bytes.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

test.each([
  ['', 0, []],
  ['data: a', 0, ['data: a']],
  ['data: a\n', 0, ['data: a\n']],
  ['data: a\n\n', 9, ['data: a\n\n']],
  ['data: a\n\ndata: b', 9, ['data: a\n\n', 'data: b']],
  ['data: a\n\ndata: b\n\n', 18, ['data: a\n\n', 'data: b\n\n']],
  ['data: a\r\n\r\ndata: b\r\n', 11, ['data: a\r\n\r\n', 'data: b\r\n']],
  ['data: a\r\n\r\ndata: b\r\n\r\n', 22, ['data: a\r\n\r\n', 'data: b\r\n\r\n']],
  ['data: a\n\ndata: b\r\n\r\n', 20, ['data: a\n\n', 'data: b\r\n\r\n']],
  ['data: a\r\n\r', 0, ['data: a\r\n\r']],
  [': ping\n\ndata: a\n\n', 17, [': ping\n\n', 'data: a\n\n']],
])('%j ends at %i', (text, end, events) => {
  expect(lastEventEnd(bytes(text))).toBe(end)
  expect([...eachEvent(bytes(text))].map(String)).toEqual(events)
})

test.each([
  ['', 0],
  ['data: a\n\ndata: b\n\n', 2],
  ['data: a\r\n\r\ndata: b\r\n\r\n', 2],
  ['data: a', 0],
])('%j counts %i', (text, count) => {
  expect(countEvents(bytes(text))).toBe(count)
})

test.each([
  ['{"usage":{"a":1}}', true],
  ['{"usage": {"a":1}}', true],
  ['{"usage":   {}}', true],
  ['{"usage":null}', false],
  ['{"usage": null}', false],
  ['{"usage":null}{"usage":{}}', true],
  ['{"content":"say \\"usage\\":{"}', false],
  ['{"content":"usage"}', false],
  ['{"usage":', false],
])('%s has usage: %s', (text, has) => {
  expect(hasUsage(bytes(text))).toBe(has)
})

test.each([
  ['{"error":{}}', true],
  ['{"error":null}', true],
  ['{"content":"\\"error\\":"}', false],
  ['{"type":"error"}', false],
])('%s mentions an error: %s', (text, does) => {
  expect(mentionsError(bytes(text))).toBe(does)
})

test.each([
  ['{"finish_reason":"stop"}', true],
  ['{"finish_reason": "stop"}', true],
  ['{"finish_reason":null}', false],
  ['{"finish_reason":null},{"finish_reason":"length"}', true],
  ['{"content":"\\"finish_reason\\":\\"stop\\""}', false],
])('%s mentions a finish: %s', (text, does) => {
  expect(mentionsFinish(bytes(text))).toBe(does)
})

test.each([
  ['data: {"error":{}}\n\n', ''],
  ['data: {}\n\ndata: {"error":{}}\n\ndata: {}\n\n', 'data: {}\n\n'],
  ['data: {}\n\n: ping\n\ndata: []\n\n', 'data: {}\n\n: ping\n\ndata: []\n\n'],
  ['data: {}\n\ndata: {"cut": \n\ndata: {}\n\n', 'data: {}\n\n'],
])('%j before its error', (text, before) => {
  expect(beforeError(bytes(text)).toString()).toBe(before)
})

describe('without empty events', () => {
  const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n'
  const filter = 'data: {"choices":[],"id":"","prompt_filter_results":[]}\n\n'
  test.each([
    ['none', 'data: a\n\n', 'data: a\n\n', 'data: a\n\n'],
    ['usage alone', usage, '', usage],
    [
      'in the middle',
      `data: a\n\n${usage}data: [DONE]\n\n`,
      'data: a\n\ndata: [DONE]\n\n',
      `data: a\n\n${usage}data: [DONE]\n\n`,
    ],
    ['with blanks', 'data: {"choices": [ ], "usage": {}}\n\n', '', 'data: {"choices": [ ], "usage": {}}\n\n'],
    [
      'usage beside a choice',
      'data: {"choices":[{}],"usage":{}}\n\n',
      'data: {"choices":[{}],"usage":{}}\n\n',
      'data: {"choices":[{}],"usage":{}}\n\n',
    ],
    ['Azure’s first', `${filter}data: a\n\n`, 'data: a\n\n', 'data: a\n\n'],
    [
      'an error',
      'data: {"choices":[],"error":{}}\n\n',
      'data: {"choices":[],"error":{}}\n\n',
      'data: {"choices":[],"error":{}}\n\n',
    ],
    [
      'CRLF',
      'data: {"choices":[],"usage":{}}\r\n\r\ndata: b\r\n\r\n',
      'data: b\r\n\r\n',
      'data: {"choices":[],"usage":{}}\r\n\r\ndata: b\r\n\r\n',
    ],
  ])('%s', (_what, text, hidden, kept) => {
    expect(withoutEmptyEvents(bytes(text), false).toString()).toBe(hidden)
    expect(withoutEmptyEvents(bytes(text), true).toString()).toBe(kept)
  })
})

test.each([
  ['', true],
  ['data: {"a":1}\n\n', true],
  ['data: [DONE]\n\n', true],
  [': ping\n\ndata: {}\n\n', true],
  ['data: {"a":\n\n', false],
  ['data: {}\n\ndata: oops\n\ndata: {}\n\n', false],
])('%j ends well: %s', (text, well) => {
  expect(endsWell(bytes(text))).toBe(well)
})

test.each([
  ['data: a\n\ndata: b\n\n', 0, 9],
  ['data: a\n\ndata: b\n\n', 9, 18],
  ['data: a\n\ndata: b', 9, 16],
  ['data: a\r\n\r\ndata: b\n\n', 0, 11],
])('the event of %j at %i ends at %i', (text, start, end) => {
  expect(firstEventEnd(bytes(text), start)).toBe(end)
})

test.each([
  ['data: [DONE]\n\n', 0],
  ['data:[DONE]\n\n', 0],
  ['data: a\n\ndata: [DONE]\n\n', 9],
  ['data: a\r\n\r\ndata: [DONE]\r\n\r\n', 11],
  ['data: {"content":"[DONE]"}\n\n', -1],
  ['data: {"content":"\\ndata: [DONE]"}\n\n', -1],
  ['data: {"content":"data: [DONE]"}\n\n', -1],
  ['data: {"content":"[DONE]"}\n\ndata: [DONE]\n\n', 28],
  ['data: [DONE]\n\ndata: [DONE]\n\n', 0],
  ['data: a\n\n', -1],
  ['[DONE]', -1],
])('the sentinel of %j begins at %i', (text, start) => {
  expect(sentinelStart(bytes(text))).toBe(start)
})

test('a read of nothing but empty comments is cut up in time', () => {
  let count = 0
  for (const _ of eachEvent(bytes(':\n\n'.repeat(1_500_000)))) count += 1
  expect(count).toBe(1_500_000)
})
