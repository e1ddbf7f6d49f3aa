import { describe, expect, test } from 'vitest'
import { createBudgetsHandlers, stateOf } from '../../../gateway/api/budgets.ts'
import { budgetsOf } from '../../../gateway/budgets/budget.ts'
import type { BudgetStanding } from '../../../gateway/budgets/keeper.ts'
import type { ConfigEdits } from '../../../gateway/config/save.ts'
import { configSchema, type ConfigInput } from '../../../gateway/config/schema.ts'
import { budgetOverview, type BudgetSettings } from '../../../gateway/contract.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'

const now = Date.UTC(2026, 10, 24, 12)
const dayMs = 86_400_000

function handlers(
  budgets: ConfigInput['budgets'] = {},
  { standings = [], notices = [] }: { standings?: BudgetStanding[]; notices?: string[] } = {},
) {
  const edits: ConfigEdits[] = []
  const config = configSchema.parse({ budgets })
  return {
    edits,
    ...createBudgetsHandlers({
      configuration: {
        current: () => ({ config, notices: [] }),
        edit: async (made) => {
          edits.push(made)
          return { undo: 'u' }
        },
      },
      keeper: { standings: async () => standings, timeZone: 'UTC' },
      storeNotices: () => notices,
      ledger: createMemoryLedger(),
      now: () => now,
    }),
  }
}

const section = {
  timeZone: 'Europe/Berlin',
  daily: 5,
  monthly: 60.5,
  perKey: { ci: { weekly: 0.000001 } },
  action: { degrade: 'cheap' },
  warnAt: 0.5,
}
const settings: BudgetSettings = {
  all: { daily: 5e9, weekly: null, monthly: 60.5e9 },
  perKey: { ci: { daily: null, weekly: 1000, monthly: null } },
  perProvider: {},
  perFeature: {},
  action: { degrade: 'cheap' },
  warnAt: 0.5,
  timeZone: 'Europe/Berlin',
}

describe('settings', () => {
  test('as they stand in the file', async () => {
    const overview = await handlers(section)['budgets.get']({})
    expect(overview).toEqual({ settings, states: [], timeZone: 'UTC', sharing: 'alone' })
    expect(budgetOverview.safeParse(overview).success).toBe(true)
  })

  test.each([
    ['shared', []],
    ['away', ['Redis at 127.0.0.1:6379 is not reached']],
  ])('with others on one Redis: %s', async (sharing, notices) => {
    const overview = await handlers({ ...section, backend: 'redis' }, { notices })['budgets.get']({})
    expect(overview).toEqual({ settings, states: [], timeZone: 'UTC', sharing })
  })

  test('where they are counted stays as it is', async () => {
    const { edits, ...api } = handlers({ backend: 'redis' })
    await api['budgets.save'](settings)
    expect(edits).toEqual([[{ path: ['budgets'], value: { ...section, backend: 'redis' } }]])
  })

  test('are written in USD, without what is so anyway', async () => {
    const { edits, ...api } = handlers()
    await api['budgets.save'](settings)
    expect(edits).toEqual([[{ path: ['budgets'], value: section }]])
  })

  test('without any there is no section', async () => {
    const { edits, ...api } = handlers(section)
    const none = { daily: null, weekly: null, monthly: null }
    await api['budgets.save']({ ...settings, all: none, perKey: {}, action: 'block', warnAt: 0.8, timeZone: null })
    expect(edits).toEqual([[{ path: ['budgets'], value: undefined }]])
  })

  test.each<[string, Partial<BudgetSettings>]>([
    ['timeZone', { timeZone: 'Berlin' }],
    ['perKey.ci', { perKey: { ci: { daily: null, weekly: null, monthly: null } } }],
  ])('refused with the field %s', (param, more) => {
    expect(() => handlers()['budgets.save']({ ...settings, ...more })).toThrow(expect.objectContaining({ param }))
  })
})

describe('states', () => {
  const [budget] = budgetsOf(configSchema.parse({ budgets: { monthly: 100 } }).budgets)
  if (budget === undefined) throw new Error('no budget')
  const startsAt = Date.UTC(2026, 10, 1)
  const standing: BudgetStanding = {
    id: budget.id,
    budget,
    startsAt,
    endsAt: Date.UTC(2026, 11, 1),
    limitNanoUsd: 100e9,
    spentNanoUsd: 60e9,
    heldNanoUsd: 1e9,
  }
  test.each<[string, number, number | undefined, number | null, number | null]>([
    ['nothing is known', 60e9, undefined, null, null],
    ['enough for the rest', 60e9, 2e9, 73e9, null],
    ['it runs out before the end', 60e9, 10e9, 125e9, now + 4 * dayMs],
    ['it has run out', 101e9, 10e9, 166e9, now],
  ])('%s', (_, spentNanoUsd, perDayNanoUsd, forecastNanoUsd, runsOutAt) => {
    expect(stateOf({ ...standing, spentNanoUsd }, { now, perDayNanoUsd })).toMatchObject({
      scope: 'all',
      name: null,
      heldNanoUsd: 1e9,
      forecastNanoUsd,
      runsOutAt,
    })
  })
})
