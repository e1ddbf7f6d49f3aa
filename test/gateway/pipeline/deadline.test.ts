import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadline } from '../../../gateway/pipeline/deadline.ts'

const timeouts = { connectMs: 100, firstTokenMs: 2000, idleMs: 1000, totalMs: 10_000 }
let expired: [limit: string, ms: number, atMs: number][]

beforeEach(() => {
  vi.useFakeTimers()
  expired = []
})
afterEach(() => void vi.useRealTimers())

function start(more: Partial<typeof timeouts> | { firstTokenMs: undefined } = {}): Deadline {
  const startedAt = Date.now()
  return new Deadline({ ...timeouts, ...more }, Date.now, (limit, ms) =>
    expired.push([limit, ms, Date.now() - startedAt]),
  )
}

test('no content: the first-token limit, on time', () => {
  start()
  vi.advanceTimersByTime(1999)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(1)
  expect(expired).toEqual([['ttftTimeout', 2000, 2000]])
})

test('activity without content does not move the first-token limit', () => {
  const deadline = start()
  for (let ms = 0; ms < 2000; ms += 500) {
    deadline.activity()
    vi.advanceTimersByTime(500)
  }
  expect(expired).toEqual([['ttftTimeout', 2000, 2000]])
})

test('before the first content silence is no fault', () => {
  start({ firstTokenMs: undefined })
  vi.advanceTimersByTime(9999)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(1)
  expect(expired).toEqual([['timeout', 10_000, 10_000]])
})

test.each([[undefined], [2000], [60_000]])(
  'silence after content ends it, whatever the first-token limit (%s)',
  (firstTokenMs) => {
    const deadline = start({ firstTokenMs } as { firstTokenMs: undefined })
    vi.advanceTimersByTime(300)
    deadline.activity()
    deadline.content()
    vi.advanceTimersByTime(999)
    expect(expired).toEqual([])
    vi.advanceTimersByTime(1)
    expect(expired).toEqual([['idleTimeout', 1000, 1300]])
  },
)

test('a stream that keeps coming is only bounded by the total', () => {
  const deadline = start()
  deadline.content()
  for (let ms = 0; ms < 10_000; ms += 900) {
    vi.advanceTimersByTime(900)
    deadline.activity()
    deadline.content()
  }
  expect(expired).toEqual([['timeout', 10_000, 10_000]])
})

test('silence is counted from the last piece, not from the timer', () => {
  const deadline = start()
  deadline.content()
  vi.advanceTimersByTime(700)
  deadline.activity()
  vi.advanceTimersByTime(999)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(1)
  expect(expired).toEqual([['idleTimeout', 1000, 1700]])
})

test('while the client does not read, silence is no fault; afterwards it is', () => {
  const deadline = start()
  deadline.content()
  deadline.paused(true)
  vi.advanceTimersByTime(5500)
  expect(expired).toEqual([])
  deadline.paused(false)
  vi.advanceTimersByTime(999)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(1)
  expect(expired).toEqual([['idleTimeout', 1000, 6500]])
})

test('a pause does not stop the total', () => {
  const deadline = start()
  deadline.content()
  deadline.paused(true)
  vi.advanceTimersByTime(10_000)
  expect(expired).toEqual([['timeout', 10_000, 10_000]])
})

test('stop ends it for good', () => {
  const deadline = start()
  deadline.stop()
  vi.advanceTimersByTime(100_000)
  expect(expired).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('a limit longer than a timer can hold is no limit of a moment', () => {
  const days = 60 * 86_400_000
  start({ firstTokenMs: undefined, totalMs: days, idleMs: days } as { firstTokenMs: undefined })
  vi.advanceTimersByTime(1000)
  expect(expired).toEqual([])
  vi.advanceTimersByTime(days - 1000)
  expect(expired).toEqual([['timeout', days, days]])
})
