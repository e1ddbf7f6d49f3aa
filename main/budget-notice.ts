import type { Api } from '../gateway/api/api.ts'
import type { BudgetNotice } from '../gateway/contract.ts'

export interface NoticeText {
  title: string
  body: string
}

export interface BudgetNoticePorts {
  api: Pick<Api, 'subscribe'>
  /** By the system, whether or not there is a window. */
  show: (text: NoticeText) => void
}

/** Whoever pays should hear of it without looking: the gateway tells each budget once per level and period. */
export function setupBudgetNotices({ api, show }: BudgetNoticePorts): void {
  api.subscribe((event) => {
    if (event.event === 'budget') show(budgetNoticeText(event.data))
  })
}

export function budgetNoticeText({ scope, name, period, level, text }: BudgetNotice): NoticeText {
  const whose = scope === 'all' || name === null ? '' : ` of the ${scope} ${name}`
  const state = level === 'reached' ? 'is used up' : 'is nearly used up'
  return { title: `The ${period} budget${whose} ${state}`, body: text }
}
