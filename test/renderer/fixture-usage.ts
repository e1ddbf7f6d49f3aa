import type { Totals, UsageDimension } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Name -> its share of all that happens. */
const shares: Record<UsageDimension, readonly (readonly [name: string | null, share: number])[]> = {
  provider: [
    ['anthropic', 0.52],
    ['openai', 0.31],
    ['gemini', 0.11],
    ['groq', 0.04],
    ['ollama', 0.02],
  ],
  model: [
    ['claude-sonnet-5', 0.34],
    ['gpt-6-sol', 0.24],
    ['claude-opus-5', 0.16],
    ['gemini-3-pro', 0.09],
    ['gpt-6-mini', 0.07],
    ['llama-5-70b', 0.04],
    ['claude-haiku-5', 0.03],
    ['qwen3-coder:30b', 0.02],
    ['text-embedding-4-small', 0.01],
  ],
  alias: [
    ['smart', 0.48],
    ['fast', 0.33],
    [null, 0.19],
  ],
  key: [
    ['claude-code', 0.51],
    ['codex', 0.24],
    ['zed', 0.14],
    ['local', 0.11],
  ],
  feature: [
    [null, 0.62],
    ['review', 0.22],
    ['summaries', 0.16],
  ],
}

/** The same "random" number for the same hour and name on every run. */
function noise(hour: number, seed: number): number {
  const wave = Math.sin(hour * 12.9898 + seed * 78.233) * 43_758.5453
  return wave - Math.floor(wave)
}

function hourTotals(hour: number, share: number, seed: number): Totals | null {
  const date = new Date(hour * hourMs)
  const clock = date.getHours()
  const isWeekend = date.getDay() % 6 === 0
  const busy = clock < 7 ? 0 : Math.exp(-((clock - 14) ** 2) / 22) * (isWeekend ? 0.25 : 1)
  const requests = Math.round(130 * busy * share * (0.45 + 1.1 * noise(hour, seed)))
  if (requests === 0) return null
  const hits = Math.round(requests * 0.19 * noise(hour, seed + 9))
  const inputTokens = requests * Math.round(6_000 + 9_000 * noise(hour, seed + 1))
  const cost = Math.round(requests * (2.1e6 + 3.6e6 * noise(hour, seed + 2)))
  return {
    requests,
    errors: noise(hour, seed + 3) > 0.9 ? Math.max(1, Math.round(requests * 0.05)) : 0,
    inputTokens,
    outputTokens: requests * Math.round(250 + 500 * noise(hour, seed + 4)),
    cacheReadTokens: Math.round(inputTokens * 0.7),
    cacheWriteTokens: Math.round(inputTokens * 0.08),
    reasoningTokens: requests * 60,
    costNanoUsd: cost,
    savedNanoUsd: Math.round((cost * hits) / requests),
    cacheHits: hits,
    cacheMisses: requests - hits,
    unpricedAttempts: 0,
    estimatedAttempts: 0,
  }
}

function add(one: Totals, other: Totals): Totals {
  const names = Object.keys(one) as (keyof Totals)[]
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as Totals
}

const nothing: Totals = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costNanoUsd: 0,
  savedNanoUsd: 0,
  cacheHits: 0,
  cacheMisses: 0,
  unpricedAttempts: 0,
  estimatedAttempts: 0,
}

/** null: no call in that span. */
function sum(from: number, to: number, share: number, seed: number): Totals | null {
  let total: Totals | null = null
  for (let hour = Math.floor(from / hourMs); hour < Math.ceil(to / hourMs); hour += 1) {
    const totals = hourTotals(hour, share, seed)
    if (totals !== null) total = total === null ? totals : add(total, totals)
  }
  return total
}

function sumOf(by: UsageDimension, from: number, to: number): Totals {
  return shares[by].map(([, share], seed) => sum(from, to, share, seed) ?? nothing).reduce(add, nothing)
}

function starts(from: number, to: number, bucket: 'hour' | 'day'): number[] {
  const edges: number[] = []
  const date = new Date(from)
  for (let start = from; start < to;) {
    edges.push(start)
    if (bucket === 'hour') start += hourMs
    else start = new Date(date.getFullYear(), date.getMonth(), date.getDate() + edges.length).getTime()
  }
  return edges
}

function percentilesAt(time: number, base: number) {
  const hour = Math.floor(time / hourMs)
  const p50 = base * (0.8 + 0.5 * noise(hour, 5))
  return { p50, p95: p50 * (2.4 + noise(hour, 6)), p99: p50 * (4 + 3 * noise(hour, 7)) }
}

export function fixtureUsage(mood: FixtureMood, now: number): FixtureAnswers {
  const isEmpty = mood === 'empty'
  const until = (to: number) => Math.min(to, now)
  return {
    'usage.summary': ({ from, to }) => ({
      total: isEmpty ? nothing : sumOf('model', from, until(to)),
      previous: isEmpty ? nothing : sumOf('model', from - (to - from), from),
    }),
    'usage.groups': ({ from, to, by }) => ({
      groups: isEmpty
        ? []
        : shares[by]
            .map(([name, share], seed) => ({ name, ...(sum(from, until(to), share, seed) ?? nothing) }))
            .filter(({ requests }) => requests > 0)
            .toSorted((one, other) => other.costNanoUsd - one.costNanoUsd),
    }),
    'usage.series': ({ from, to, bucket, by }) => {
      const buckets = starts(from, to, bucket)
      const end = (index: number) => until(buckets[index + 1] ?? to)
      const names = by === undefined ? ([[null, 1]] as const) : shares[by]
      const series = names.map(([name, share], seed) => ({
        name,
        points: buckets.map((start, index) => (start >= now ? null : sum(start, end(index), share, seed))),
      }))
      return { buckets, series: isEmpty ? [] : series }
    },
    'usage.latency': ({ from, to, bucket }) => ({
      durationMs: isEmpty ? null : percentilesAt(from, 3_200),
      firstTokenMs: isEmpty ? null : percentilesAt(from, 520),
      points: starts(from, to, bucket).map((start) => {
        const hasCalls = !isEmpty && sum(start, until(start + (bucket === 'hour' ? hourMs : dayMs)), 1, 0) !== null
        return {
          start,
          durationMs: hasCalls ? percentilesAt(start, 3_200) : null,
          firstTokenMs: hasCalls ? percentilesAt(start, 520) : null,
        }
      }),
    }),
    'usage.forecast': () => ({
      todayNanoUsd: isEmpty ? 0 : 4_180_000_000,
      monthNanoUsd: isEmpty ? 0 : 61_204_330_000,
      forecastNanoUsd: isEmpty ? null : 78_400_000_000,
      budgetNanoUsd: null,
      monthEndsAt: new Date(new Date(now).getFullYear(), new Date(now).getMonth() + 1, 1).getTime(),
    }),
  }
}
