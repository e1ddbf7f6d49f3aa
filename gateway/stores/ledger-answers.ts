import { setImmediate as otherWork } from 'node:timers/promises'
import type { LedgerCaptures } from './ledger-captures.ts'
import type { LedgerDatabase } from './ledger-database.ts'
import type { LedgerQueries } from './ledger-queries.ts'
import type { LedgerQuestions } from './ledger-message.ts'

/** Rows per deleting transaction, some milliseconds each, so that commits get their turn in between. */
const pruneStep = 500
/** Each may be megabytes. */
const pruneCapturesStep = 20

export interface AnswerPorts {
  ledger: LedgerDatabase
  queries: LedgerQueries
  captures: LedgerCaptures
  /** The database is, or is about to be, closed. */
  isClosed: () => boolean
}

/** One answer per question that the thread is asked. */
export function ledgerAnswers({ ledger, queries, captures, isClosed }: AnswerPorts): LedgerQuestions {
  async function inSteps(size: number, step: (limit: number) => number): Promise<number> {
    for (let total = 0; ; await otherWork()) {
      if (isClosed()) return total
      const count = step(size)
      total += count
      if (count < size) return total
    }
  }

  return {
    usage: async (query) => queries.usage(query),
    span: async () => queries.span(),
    calls: async (query) => queries.calls(query),
    call: async (callId) => queries.call(callId),
    hours: async (query) => queries.hours(query),
    latency: async (edges) => queries.latency(edges),
    names: async () => queries.names(),
    async prune(before) {
      const count = await inSteps(pruneStep, (limit) => ledger.prune(before, limit))
      await inSteps(pruneCapturesStep, (limit) => captures.prune(before, limit))
      return count
    },
  }
}
