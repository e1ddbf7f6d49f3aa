import { describe, expect, test } from 'vitest'
import { budgetsOf, nanoOf, periodAt, type BudgetPeriod } from '../../../gateway/budgets/budget.ts'
import { configSchema } from '../../../gateway/config/schema.ts'

describe('periods', () => {
  const hourMs = 3_600_000
  const rows: [zone: string, period: BudgetPeriod, at: string, starts: string, ends: string][] = [
    ['UTC', 'daily', '2026-11-24T14:22:00Z', '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z'],
    ['UTC', 'daily', '2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z'],
    ['UTC', 'daily', '2026-11-23T23:59:59.999Z', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'],
    ['UTC', 'weekly', '2026-11-24T14:22:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    ['UTC', 'weekly', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    ['UTC', 'weekly', '2026-11-22T23:59:59Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['UTC', 'weekly', '2027-01-01T12:00:00Z', '2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z'],
    ['UTC', 'monthly', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['UTC', 'monthly', '2028-02-29T12:00:00Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['America/New_York', 'daily', '2026-11-24T04:59:00Z', '2026-11-23T05:00:00Z', '2026-11-24T05:00:00Z'],
    ['Asia/Kolkata', 'daily', '2026-11-24T18:30:00Z', '2026-11-24T18:30:00Z', '2026-11-25T18:30:00Z'],
    ['Asia/Tokyo', 'monthly', '2026-11-30T15:00:00Z', '2026-11-30T15:00:00Z', '2026-12-31T15:00:00Z'],
    // Clocks go forward on 29 March 2026 and back on 25 October: 23 and 25 hours.
    ['Europe/Berlin', 'daily', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['Europe/Berlin', 'daily', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['Europe/Berlin', 'weekly', '2026-10-25T12:00:00Z', '2026-10-18T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['Europe/Berlin', 'monthly', '2026-10-25T12:00:00Z', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    // A midnight that never was: clocks went from 23:59 to 01:00.
    ['Asia/Beirut', 'daily', '2026-03-29T12:00:00Z', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
  ]
  test.each(rows)('%s, %s, %s', (zone, period, at, startsAt, endsAt) => {
    const span = periodAt(period, Date.parse(at), zone)
    expect({ startsAt: iso(span.startsAt), endsAt: iso(span.endsAt) }).toEqual({
      startsAt: iso(Date.parse(startsAt)),
      endsAt: iso(Date.parse(endsAt)),
    })
  })

  test.each(['Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'in %s periods meet, and hold every hour of the year',
    (zone) => {
      for (const period of ['daily', 'weekly', 'monthly'] as const) {
        let span = periodAt(period, Date.UTC(2026, 0, 1), zone)
        for (let at = span.startsAt; at < Date.UTC(2026, 11, 31); at += 6 * hourMs) {
          if (at >= span.endsAt) {
            const next = periodAt(period, at, zone)
            expect(next.startsAt).toBe(span.endsAt)
            span = next
          }
          expect(at).toBeGreaterThanOrEqual(span.startsAt)
          expect(at).toBeLessThan(span.endsAt)
        }
      }
    },
  )
})

function iso(time: number): string {
  return new Date(time).toISOString()
}

test('every amount is a budget, in integers of 1e-9 USD', () => {
  const config = configSchema.parse({
    budgets: { daily: 5, monthly: 60.1, perKey: { ci: { weekly: 0.07 } }, perProvider: { openai: { daily: 1 } } },
  })
  const named = budgetsOf(config.budgets).map(({ id, path, limitNanoUsd }) => [id, path, limitNanoUsd])
  expect(named).toEqual([
    ['daily', 'budgets.daily', 5_000_000_000],
    ['monthly', 'budgets.monthly', 60_100_000_000],
    ['weekly/key/ci', 'budgets.perKey.ci.weekly', 70_000_000],
    ['daily/provider/openai', 'budgets.perProvider.openai.daily', 1_000_000_000],
  ])
  expect(nanoOf(1_000_000)).toBe(1e15)
})
