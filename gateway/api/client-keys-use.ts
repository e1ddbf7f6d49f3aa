import type { LedgerReader } from '../stores/ledger-reader.ts'
import { dayMs, hourMs } from './buckets.ts'

export interface KeyUse {
  calls: number
  costNanoUsd: number
  lastUsedAt: number | null
}

export type ReadKeyUse = (names: readonly string[]) => Promise<ReadonlyMap<string, KeyUse>>

const countedMs = 30 * dayMs
/** As far as "last used" looks back. */
const rememberedMs = 365 * dayMs
/** Asked for to the minute: later calls are found at the head of the ledger. Before, the hour will do. */
const exactMs = 2 * dayMs
const longAgoKeptMs = 10 * 60_000

/**
 * What was done with each key, from the hourly roll-ups: nothing is written for it anywhere. The year before is read only
 * where a key was not used in the last 30 days, and is remembered for ten minutes.
 */
export function createKeyUse(ledger: LedgerReader, now: () => number): ReadKeyUse {
  let longAgo: { readAt: number; lastHours: Map<string, number> } | undefined
  /** Of the calls that were counted then. */
  const exact = new Map<string, { calls: number; at: number | null }>()

  async function readLongAgo(): Promise<Map<string, number>> {
    const readAt = now()
    if (longAgo !== undefined && readAt - longAgo.readAt < longAgoKeptMs) return longAgo.lastHours
    const lastHours = new Map<string, number>()
    const from = Math.max(0, readAt - rememberedMs)
    for (const { name, hour } of await ledger.hours({ from, to: readAt + 1, by: 'key' })) {
      if (name !== null) lastHours.set(name, hour * hourMs)
    }
    longAgo = { readAt, lastHours }
    return lastHours
  }

  async function lastUse(name: string, { calls, hour }: { calls: number; hour: number }): Promise<number | null> {
    if (now() - hour > exactMs) return hour
    const known = exact.get(name)
    if (known?.calls === calls) return known.at
    const newest = (await ledger.calls({ limit: 1, filter: { key: name } })).calls[0]
    exact.set(name, { calls, at: newest?.startedAt ?? hour })
    return newest?.startedAt ?? hour
  }

  return async (names) => {
    const to = now()
    const lately = new Map<string, { calls: number; costNanoUsd: number; hour: number }>()
    for (const row of await ledger.hours({ from: Math.max(0, to - countedMs), to: to + 1, by: 'key' })) {
      if (row.name === null) continue
      const { calls = 0, costNanoUsd = 0 } = lately.get(row.name) ?? {}
      lately.set(row.name, {
        calls: calls + row.requests,
        costNanoUsd: costNanoUsd + row.costNanoUsd,
        hour: row.hour * hourMs,
      })
    }
    const uses = await Promise.all(
      names.map(async (name): Promise<[string, KeyUse]> => {
        const found = lately.get(name)
        if (found === undefined) {
          return [name, { calls: 0, costNanoUsd: 0, lastUsedAt: (await readLongAgo()).get(name) ?? null }]
        }
        const { calls, costNanoUsd } = found
        return [name, { calls, costNanoUsd, lastUsedAt: await lastUse(name, found) }]
      }),
    )
    return new Map(uses)
  }
}
