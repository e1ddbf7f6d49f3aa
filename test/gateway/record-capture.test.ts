import { describe, expect, test } from 'vitest'
import type { RecentCall } from '../../gateway/api/recent-calls.ts'
import type { Answer } from '../../gateway/pipeline/call.ts'
import { failedAnswer } from '../../gateway/pipeline/send-answer.ts'
import { cacheReason, prepareCapture, recordCapture } from '../../gateway/record-capture.ts'
import type { Capture } from '../../gateway/stores/ledger-reader.ts'
import { anAttempt, call, config, dialect, hello, MemorySink, target } from './pipeline/stage.ts'

const good: Answer = { ...failedAnswer(undefined), failure: undefined, head: { status: 200, headers: {} } }

interface Kept {
  captures: Capture[]
  recent: RecentCall[]
}

/** Plays a call to its end under a setting: `pieces` are written, the last one as the end. */
async function play(bodies: 'off' | 'errors' | 'all', pieces: string[], answer: Answer = good): Promise<Kept> {
  const settings = config({ ledger: { bodies, bodyLimit: 10 } })
  const kept: Kept = { captures: [], recent: [] }
  const prepared = prepareCapture(call(hello, { headers: { 'x-tool': 'cli' } }), settings.ledger)
  prepared.sink.head({ status: 200, headers: { 'x-sent': '1' } })
  for (const piece of pieces.slice(0, -1)) prepared.sink.write(Buffer.from(piece))
  recordCapture(
    { call: prepared, caller: undefined, route: undefined, ticket: undefined, answer },
    {
      config: settings,
      scrub: (text) => text.replaceAll('sk-0123456789', '[key]'),
      recent: { wants: () => true, add: (each) => kept.recent.push(each) },
      keep: (_, capture) => kept.captures.push(capture),
      onError: (error) => {
        throw error
      },
    },
  )
  prepared.sink.end(Buffer.from(pieces.at(-1) ?? ''))
  expect(kept.captures).toEqual([])
  await new Promise((resolve) => setImmediate(resolve))
  return kept
}

test('switched off, the call is the same object: nothing is copied', () => {
  const before = call()
  expect(prepareCapture(before, config().ledger)).toBe(before)
})

describe('what is kept', () => {
  const failed = failedAnswer(new Error('x'))
  const rows: [string, 'off' | 'errors' | 'all', Answer, number][] = [
    ['nothing when off', 'off', failed, 0],
    ['errors of errors', 'errors', failed, 1],
    ['no good calls of errors', 'errors', good, 0],
    ['good calls of all', 'all', good, 1],
  ]
  test.each(rows)('%s', async (_, bodies, answer, count) => {
    const { captures, recent } = await play(bodies, ['Hi'], answer)
    expect(captures).toHaveLength(count)
    expect(recent).toHaveLength(1)
  })
})

test('pieces and end are one text, cut at the limit and scrubbed', async () => {
  const { captures } = await play('all', ['one ', 'two ', 'three four'])
  expect(captures).toMatchObject([
    {
      response: 'one two th',
      truncated: true,
      requestHeaders: [['x-tool', 'cli']],
      responseHeaders: [['x-sent', '1']],
    },
  ])
})

test('a key that the cut would halve leaves nothing of itself', async () => {
  const { captures } = await play('all', ['secret sk-0123456789'])
  expect(captures[0]?.response).toBe('secret [ke')
})

test('a character that was cut in two is left out', async () => {
  const { captures } = await play('all', [`123456789${'é'.repeat(5000)}`])
  expect(captures[0]?.response).toBe('123456789é')
})

test('what was handed in may be used again by its owner', async () => {
  const settings = config({ ledger: { bodies: 'all' } })
  const sink = new MemorySink()
  const prepared = prepareCapture(call(hello, { sink }), settings.ledger)
  const captures: Capture[] = []
  const bytes = Buffer.from('first')
  prepared.sink.head({ status: 200, headers: {} })
  prepared.sink.write(bytes)
  bytes.write('XXXXX')
  recordCapture(
    { call: prepared, caller: undefined, route: undefined, ticket: undefined, answer: good },
    {
      config: settings,
      scrub: (text) => text,
      recent: { wants: () => true, add: () => undefined },
      keep: (_, capture) => captures.push(capture),
      onError: () => undefined,
    },
  )
  prepared.sink.end(new Uint8Array())
  await new Promise((resolve) => setImmediate(resolve))
  expect(captures[0]?.response).toBe('first')
  expect(sink.text).toBe('first')
})

test('a translated call says from what to what', async () => {
  const decisive = anAttempt({ target: target({ dialect: dialect('anthropic-messages'), passThrough: false }) })
  const { recent } = await play('off', ['x'], { ...good, decisive, attempts: [decisive] })
  expect(recent[0]?.translated).toEqual({ from: 'openai-chat', to: 'anthropic-messages' })
})

describe('cacheReason', () => {
  const hit = { provider: 'p', providerModel: 'm', savedNanoUsd: 1, storedAt: 0 }
  const rows: [string, Partial<Answer>, object, boolean, RegExp][] = [
    ['a hit', { cache: 'HIT', hit }, {}, true, /1970-01-01T00:00/],
    ['a miss', { cache: 'MISS' }, {}, true, /no answer to this request/],
    ['off', {}, {}, false, /is off/],
    ['ruled out', {}, { 'x-gateway': { cache: false } }, true, /asked not to/],
    ['too large', {}, { text: 'x'.repeat(600_000) }, true, /above 512 KB/],
    ['too early', {}, {}, true, /ended before/],
  ]
  test.each(rows)('%s', (_, answer, body, isEnabled, expected) => {
    expect(cacheReason(call({ ...hello, ...body }), { ...good, ...answer }, isEnabled)).toMatch(expected)
  })
})
