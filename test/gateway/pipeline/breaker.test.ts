import { beforeEach, describe, expect, test } from 'vitest'
import {
  createBreaker,
  failureThreshold,
  openBaseMs,
  openCapMs,
  type Breaker,
} from '../../../gateway/pipeline/breaker.ts'

let nowMs: number
let changes: [key: string, open: boolean][]
let breaker: Breaker

beforeEach(() => {
  nowMs = 1000
  changes = []
  breaker = createBreaker(
    () => nowMs,
    (key, open) => changes.push([key, open]),
  )
})

function fail(times: number, key = 'k'): void {
  for (let count = 0; count < times; count += 1) breaker.report(key, 'failure')
}

test('opens with the fifth failure in a row', () => {
  fail(failureThreshold - 1)
  expect(breaker.allows('k')).toBe(true)
  expect(breaker.opensInMs('k')).toBe(0)
  fail(1)
  expect(breaker.allows('k')).toBe(false)
  expect(breaker.opensInMs('k')).toBe(openBaseMs)
  expect(changes).toEqual([['k', true]])
  expect(breaker.open()).toEqual([{ key: 'k', failures: 5, opensInMs: openBaseMs }])
})

test('a success in between starts the count anew', () => {
  fail(4)
  breaker.report('k', 'success')
  fail(4)
  expect(breaker.allows('k')).toBe(true)
  expect(changes).toEqual([])
})

test('neutral outcomes neither count nor forgive', () => {
  fail(4)
  for (let count = 0; count < 10; count += 1) breaker.report('k', 'neutral')
  expect(breaker.allows('k')).toBe(true)
  fail(1)
  expect(breaker.allows('k')).toBe(false)
  expect(breaker.open()).toHaveLength(1)
})

test('targets are apart', () => {
  fail(5, 'a')
  expect(breaker.allows('b')).toBe(true)
  breaker.report('never seen', 'success')
  breaker.report('never seen', 'neutral')
  expect(breaker.open().map(({ key }) => key)).toEqual(['a'])
})

describe('half-open', () => {
  beforeEach(() => {
    fail(5)
    nowMs += openBaseMs - 1
  })

  test('one probe and no more', () => {
    expect(breaker.allows('k')).toBe(false)
    expect(breaker.opensInMs('k')).toBe(1)
    nowMs += 1
    expect(breaker.allows('k')).toBe(true)
    expect(breaker.allows('k')).toBe(false)
    expect(breaker.allows('k')).toBe(false)
  })

  test('a good probe closes', () => {
    nowMs += 1
    breaker.allows('k')
    breaker.report('k', 'success')
    expect(breaker.allows('k')).toBe(true)
    expect(breaker.open()).toEqual([])
    expect(changes).toEqual([
      ['k', true],
      ['k', false],
    ])
    fail(4)
    expect(breaker.allows('k')).toBe(true)
  })

  test('a probe that says nothing (aborted) leaves the place to the next', () => {
    nowMs += 1
    breaker.allows('k')
    breaker.report('k', 'neutral')
    expect(breaker.allows('k')).toBe(true)
    expect(breaker.allows('k')).toBe(false)
  })

  test('each failed probe waits twice as long, up to the cap', () => {
    nowMs += 1
    const waits: number[] = []
    for (let count = 0; count < 6; count += 1) {
      expect(breaker.allows('k')).toBe(true)
      breaker.report('k', 'failure')
      expect(breaker.allows('k')).toBe(false)
      waits.push(breaker.opensInMs('k'))
      nowMs += breaker.opensInMs('k')
    }
    expect(waits).toEqual([20_000, 40_000, 80_000, openCapMs, openCapMs, openCapMs])
  })

  test('calls that were under way when it opened do not make it wait longer', () => {
    fail(3)
    expect(breaker.opensInMs('k')).toBe(1)
    expect(changes).toEqual([['k', true]])
  })
})

test('what another gateway gave up opens here with the first failure, and not without one', () => {
  const elsewhere = new Set(['k'])
  breaker = createBreaker(
    () => nowMs,
    (key, open) => changes.push([key, open]),
    (key) => elsewhere.has(key),
  )
  expect(breaker.allows('k')).toBe(true)
  fail(1, 'other')
  expect(changes).toEqual([])
  fail(1)
  expect(changes).toEqual([['k', true]])
  expect(breaker.allows('k')).toBe(false)
})
