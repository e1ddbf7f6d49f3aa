import { expect, test } from 'vitest'
import type { BudgetNotice, GatewayEvent } from '../../gateway/contract.ts'
import { budgetNoticeText, setupBudgetNotices, type NoticeText } from '../../main/budget-notice.ts'

const notice: BudgetNotice = {
  scope: 'all',
  name: null,
  period: 'daily',
  level: 'near',
  spentNanoUsd: 4e9,
  limitNanoUsd: 5e9,
  resetsAt: 0,
  text: '80 % of the daily budget are spent: 4 of 5 USD.',
}

test('says which budget, and how far it is', () => {
  expect(budgetNoticeText(notice)).toEqual({ title: 'The daily budget is nearly used up', body: notice.text })
  const ofKey = budgetNoticeText({ ...notice, scope: 'key', name: 'ci', level: 'reached' })
  expect(ofKey.title).toBe('The daily budget of the key ci is used up')
})

test('shows what the gateway tells of budgets, and nothing else', () => {
  let tell: (event: GatewayEvent) => void = () => undefined
  const shown: NoticeText[] = []
  setupBudgetNotices({
    api: {
      subscribe(listener) {
        tell = listener
        return () => undefined
      },
    },
    show: (text) => shown.push(text),
  })
  tell({ event: 'config', data: {} })
  tell({ event: 'budget', data: notice })
  expect(shown).toEqual([budgetNoticeText(notice)])
})
