import { expect, test } from 'vitest'
import { createToday, localDay, localMonthStart } from '../../../gateway/api/status-today.ts'
import type { AttemptRow, Ledger, UsageQuery } from '../../../gateway/stores/ledger.ts'
import { emptyTotals } from '../../../gateway/stores/roll-up.ts'

const noon = new Date(2026, 0, 15, 12).getTime()
const cost = (costNanoUsd?: number): AttemptRow => ({ costNanoUsd }) as AttemptRow

function ledgerWith(today: { requests: number; costNanoUsd: number }, ever = today.requests) {
  const asked: UsageQuery[] = []
  const ledger: Pick<Ledger, 'usage'> = {
    async usage(query) {
      asked.push(query)
      const total = query.from === undefined ? { ...emptyTotals(), requests: ever } : { ...emptyTotals(), ...today }
      return { total, groups: [] }
    },
  }
  return { ledger, asked }
}

test('the ledger is asked once for the local day, then calls are added', async () => {
  const { ledger, asked } = ledgerWith({ requests: 2, costNanoUsd: 100 })
  const today = createToday(ledger, () => noon)
  expect(await today.read()).toEqual({ requests: 2, costNanoUsd: 100, hasCalls: true })
  today.add([cost(5), cost(7)])
  today.add([cost(undefined)])
  expect(await today.read()).toEqual({ requests: 4, costNanoUsd: 112, hasCalls: true })
  expect(asked).toEqual([{ from: new Date(2026, 0, 15).getTime(), to: new Date(2026, 0, 16).getTime() }])
})

test('after a minute, and after midnight, the ledger has the word again', async () => {
  let now = noon
  const { ledger, asked } = ledgerWith({ requests: 1, costNanoUsd: 1 })
  const today = createToday(ledger, () => now)
  await today.read()
  now += 59_999
  await today.read()
  expect(asked).toHaveLength(1)
  now += 1
  await today.read()
  expect(asked).toHaveLength(2)
  now = new Date(2026, 0, 16).getTime()
  await today.read()
  expect(asked.at(-1)?.from).toBe(now)
})

test('a day without calls knows whether there ever was one', async () => {
  const now = () => noon
  expect(await createToday(ledgerWith({ requests: 0, costNanoUsd: 0 }, 9).ledger, now).read()).toMatchObject({
    hasCalls: true,
  })
  const none = createToday(ledgerWith({ requests: 0, costNanoUsd: 0 }, 0).ledger, now)
  expect(await none.read()).toMatchObject({ hasCalls: false })
  none.add([cost(1)])
  expect(await none.read()).toMatchObject({ hasCalls: true, requests: 1 })
})

test('readers at one time share one question', async () => {
  const { ledger, asked } = ledgerWith({ requests: 1, costNanoUsd: 1 })
  const today = createToday(ledger, () => noon)
  await Promise.all([today.read(), today.read(), today.read()])
  expect(asked).toHaveLength(1)
})

test('days and months begin at local midnight', () => {
  expect(localDay(noon)).toEqual({
    start: new Date(2026, 0, 15).getTime(),
    end: new Date(2026, 0, 16).getTime(),
  })
  expect(localMonthStart(noon)).toBe(new Date(2026, 0, 1).getTime())
})

test('calls that end while the ledger is asked are not missing for a minute', async () => {
  let now = noon
  const { ledger, asked } = ledgerWith({ requests: 2, costNanoUsd: 100 })
  const today = createToday(ledger, () => now)
  const reading = today.read()
  today.add([cost(5)])
  await reading
  now += 1000
  await today.read()
  expect(asked).toHaveLength(2)
  now += 59_999
  await today.read()
  expect(asked).toHaveLength(2)
})
