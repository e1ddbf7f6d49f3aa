import type { AttemptRow, Ledger } from '../stores/ledger.ts'

/** Calls and money since local midnight, at hand without asking the ledger each time. */
export interface Today {
  /** A finished call; cheap enough for every one. */
  add(rows: readonly AttemptRow[]): void
  read(): Promise<TodayTotals>
}

export interface TodayTotals {
  costNanoUsd: number
  requests: number
  /** Calls ever recorded. */
  hasCalls: boolean
}

/** So often the ledger is asked again, which takes what was added meanwhile back to its word. */
const freshMs = 60_000
/** Whether its answer has the calls that ended meanwhile nobody knows, so it is asked again soon. */
const unsureMs = 1000

export function createToday(ledger: Pick<Ledger, 'usage'>, now: () => number): Today {
  let day: { endsAt: number; readAt: number; totals: TodayTotals } | undefined
  let reading: Promise<TodayTotals> | undefined
  let hasCalls = false
  let addedWhileReading = false

  async function ask(): Promise<TodayTotals> {
    const readAt = now()
    addedWhileReading = false
    const { start, end } = localDay(readAt)
    const { total } = await ledger.usage({ from: start, to: end })
    if (!hasCalls) hasCalls = total.requests > 0 || (await ledger.usage({})).total.requests > 0
    const totals = { costNanoUsd: total.costNanoUsd, requests: total.requests, hasCalls }
    day = { endsAt: end, readAt: addedWhileReading ? readAt - freshMs + unsureMs : readAt, totals }
    return totals
  }

  return {
    add(rows) {
      hasCalls = true
      addedWhileReading = true
      if (day === undefined) return
      day.totals.hasCalls = true
      day.totals.requests += 1
      for (const { costNanoUsd } of rows) day.totals.costNanoUsd += costNanoUsd ?? 0
    },
    async read() {
      if (day !== undefined && now() < day.endsAt && now() - day.readAt < freshMs) return { ...day.totals }
      reading ??= ask().finally(() => {
        reading = undefined
      })
      return { ...(await reading) }
    },
  }
}

export function localDay(time: number): { start: number; end: number } {
  const date = new Date(time)
  const start = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  const end = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
  return { start, end }
}

export function localMonthStart(time: number): number {
  const date = new Date(time)
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime()
}
