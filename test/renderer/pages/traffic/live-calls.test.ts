import { describe, expect, test } from 'vitest'
import type { CallRow } from '../../../../gateway/contract.ts'
import { forget, mergeCalls, noLiveCalls, release, takeIn } from '../../../../renderer/pages/traffic/live-calls.ts'
import { callRow } from './rows.ts'

const told = (callId: string, startedAt: number, change: Partial<CallRow> = {}) =>
  callRow({ callId, startedAt, id: 0, ...change })
const kept = (callId: string, startedAt: number, id: number) => callRow({ callId, startedAt, id })
const ids = (calls: readonly CallRow[]) => calls.map(({ callId }) => callId).join(' ')

describe('mergeCalls', () => {
  const cases: [name: string, live: CallRow[], pages: CallRow[], merged: string][] = [
    ['nothing told', [], [kept('b', 2, 2), kept('a', 1, 1)], 'b a'],
    ['newer ones on top', [told('c', 3)], [kept('b', 2, 2), kept('a', 1, 1)], 'c b a'],
    ['a long call stands where it began', [told('long', 1.5)], [kept('b', 2, 2), kept('a', 1, 1)], 'b long a'],
    ['once, when both have it', [told('b', 2)], [kept('b', 2, 2), kept('a', 1, 1)], 'b a'],
    ['of the same millisecond: later rows first', [], [kept('b', 1, 2), kept('a', 1, 1)], 'b a'],
    ['of the same millisecond: told ones first', [told('c', 1)], [kept('b', 1, 2), kept('a', 1, 1)], 'c b a'],
  ]
  test.each(cases)('%s', (_, live, pages, merged) => {
    expect(ids(mergeCalls(live, pages))).toBe(merged)
  })

  test('the row of the ledger stays: the next page is asked for by its id', () => {
    expect(mergeCalls([told('a', 1)], [kept('a', 1, 41)])[0]?.id).toBe(41)
  })
})

describe('takeIn', () => {
  const event = (calls: CallRow[], isHeld: boolean, dropped = 0) => ({ calls, dropped, filter: {}, isHeld })

  test('shows at once, newest first', () => {
    const live = takeIn(takeIn(noLiveCalls, event([told('a', 1), told('b', 2)], false)), event([told('c', 3)], false))
    expect(ids(live.shown)).toBe('c b a')
    expect(live.waiting).toEqual([])
  })

  test('held: they wait, and are let in together', () => {
    const live = takeIn(takeIn(noLiveCalls, event([told('a', 1)], false)), event([told('b', 2)], true))
    expect([ids(live.shown), ids(live.waiting)]).toEqual(['a', 'b'])
    expect(ids(release(live).shown)).toBe('b a')
    expect(release(live).waiting).toEqual([])
  })

  test('only what fits the filter, and no change for what does not', () => {
    const filter = { provider: 'groq' }
    const live = takeIn(noLiveCalls, { calls: [told('a', 1)], dropped: 0, filter, isHeld: false })
    expect(live).toBe(noLiveCalls)
  })

  test('what was dropped, or is too much to keep, must be read from the ledger', () => {
    expect(takeIn(noLiveCalls, event([], false, 3)).isBehind).toBe(true)
    const many = Array.from({ length: 501 }, (_, index) => told(`call ${index}`, index))
    const live = takeIn(noLiveCalls, event(many, false))
    expect(live.isBehind).toBe(true)
    expect(live.shown).toHaveLength(500)
    expect(live.shown[0]?.callId).toBe('call 500')
  })
})

test('forget: what came while the ledger was read stays', () => {
  const old = { shown: [told('b', 2)], waiting: [told('a', 1)], isBehind: false }
  const now = { shown: [told('c', 3), told('b', 2)], waiting: [told('a', 1)], isBehind: true }
  const left = forget(now, old)
  expect([ids(left.shown), ids(left.waiting), left.isBehind]).toEqual(['c', '', true])
})
