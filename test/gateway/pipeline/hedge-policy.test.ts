import { describe, expect, test } from 'vitest'
import type { Target } from '../../../gateway/pipeline/call.ts'
import { creditCap, HedgeCredit, isFinal, isWatched, secondTarget } from '../../../gateway/pipeline/hedge-policy.ts'
import { dialect, provider, target } from './stage.ts'

const a = target({}, provider({ name: 'a' }))
const b = target({}, provider({ name: 'b' }))
const c = target({}, provider({ name: 'c' }))
const standIn = target({ substituted: true }, provider({ name: 's' }))
const keyless = target({}, provider({ name: 'k', apiKey: undefined }))
const counting = (name: string): Target => target({ dialect: dialect('anthropic-count-tokens') }, provider({ name }))

/** [name, alias, the aliases that are to be watched, whether this call is] */
const calls: [string, string | undefined, string[] | undefined, boolean][] = [
  ['no list: an alias', 'fast', undefined, true],
  ['no list: a model', undefined, undefined, true],
  ['listed', 'fast', ['slow', 'fast'], true],
  ['not listed', 'other', ['fast'], false],
  ['a list, and no alias', undefined, ['fast'], false],
]

test.each(calls)('watched: %s', (_, alias, aliases, expected) => {
  expect(isWatched({ alias }, aliases === undefined ? undefined : new Set(aliases))).toBe(expected)
})

/** [name, targets, index of the first, keys of open circuits, who is asked beside it] */
const routes: [string, Target[], number, string[], Target | undefined][] = [
  ['the next', [a, b, c], 0, [], b],
  ['the one after, where the first was passed over', [a, b, c], 1, [], c],
  ['nobody behind the last', [a, b], 1, [], undefined],
  ['nobody beside the only one', [a], 0, [], undefined],
  ['not the same target once more', [a, a], 0, [], undefined],
  ['not one whose circuit is open', [a, b], 0, [b.key], undefined],
  ['the one behind it', [a, b, c], 0, [b.key], c],
  ['not one that lacks its key', [a, keyless, c], 0, [], c],
  ['not a stand-in', [a, standIn], 0, [], undefined],
  ['another behind the stand-in', [a, standIn, c], 0, [], c],
  ['beside a stand-in that is asked because the first failed', [standIn, b], 0, [], b],
  ['nobody beside counting', [counting('x'), counting('y')], 0, [], undefined],
]

test.each(routes)('asked beside it: %s', (_, targets, index, open, expected) => {
  const breaker = { opensInMs: (key: string) => (open.includes(key) ? 10_000 : 0) }
  expect(secondTarget(targets, index, breaker)?.key).toBe(expected?.key)
})

/** [name, failure, whether the other is called off] */
const failures: [string, { retryable: boolean; fallback: boolean }, boolean][] = [
  ['a request that nobody would take', { retryable: false, fallback: false }, true],
  ['a provider that is down', { retryable: true, fallback: true }, false],
  ['a context that is too long here', { retryable: false, fallback: true }, false],
  ['a conflict', { retryable: true, fallback: false }, false],
]

test.each(failures)('final: %s', (_, failure, expected) => {
  expect(isFinal({ busy: false, retryAfterMs: undefined, ...failure })).toBe(expected)
})

describe('the share of calls', () => {
  /** How many of so many calls get one, if every one of them is slow. */
  function hedged(maxRate: number, calls: number): number {
    const credit = new HedgeCredit(maxRate)
    let made = 0
    for (let call = 0; call < calls; call += 1) {
      credit.add()
      if (!credit.isEnough) continue
      credit.take()
      made += 1
    }
    return made
  }

  test.each([
    [0.1, 9, 0],
    [0.1, 10, 1],
    [0.1, 1000, 100],
    [0.3, 10, 3],
    [0.01, 1000, 10],
    [1, 7, 7],
  ])('of %d, over %d slow calls: %d', (maxRate, calls, expected) => {
    expect(hedged(maxRate, calls)).toBe(expected)
  })

  test('is not saved up beyond a few', () => {
    const credit = new HedgeCredit(0.5)
    for (let call = 0; call < 1000; call += 1) credit.add()
    let made = 0
    for (; credit.isEnough; made += 1) credit.take()
    expect(made).toBe(creditCap)
  })
})
