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

/** Everything of an hour; null: nobody called. */
function hourTotals(hour: number): Totals | null {
  const date = new Date(hour * hourMs)
  const clock = date.getHours()
  const isWeekend = date.getDay() % 6 === 0
  const busy = clock < 7 ? 0 : Math.exp(-((clock - 14) ** 2) / 22) * (isWeekend ? 0.25 : 1)
  const requests = Math.round(220 * busy * (0.6 + 0.8 * noise(hour, 0)))
  if (requests === 0) return null
  const hits = Math.round(requests * 0.19 * noise(hour, 9))
  const inputTokens = requests * Math.round(6_000 + 9_000 * noise(hour, 1))
  const cost = Math.round(requests * (2.1e6 + 3.6e6 * noise(hour, 2)))
  return {
    requests,
    errors: noise(hour, 3) > 0.4 ? Math.round(requests * 0.025) : 0,
    inputTokens,
    outputTokens: requests * Math.round(250 + 500 * noise(hour, 4)),
    cacheReadTokens: Math.round(inputTokens * 0.7),
    cacheWriteTokens: Math.round(inputTokens * 0.08),
    reasoningTokens: requests * 60,
    costNanoUsd: cost,
    savedNanoUsd: Math.round((cost * hits) / requests),
    cacheHits: hits,
    cacheMisses: requests - hits,
    semanticHits: 0,
    semanticSavedNanoUsd: 0,
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
  semanticHits: 0,
  semanticSavedNanoUsd: 0,
  unpricedAttempts: 0,
  estimatedAttempts: 0,
}

/** What one name has of an hour, in whole calls, so that all names come to the whole. */
function hourPart(hour: number, names: readonly (readonly [name: string | null, share: number])[], index: number) {
  const whole = hourTotals(hour)
  if (whole === null) return null
  const weights = names.map(([, share], seed) => share * (0.5 + noise(hour, seed + 20)))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const edge = (count: number) =>
    Math.round((weights.slice(0, count).reduce((sum, weight) => sum + weight, 0) / all) * whole.requests) /
    whole.requests
  const [low, high] = [edge(index), edge(index + 1)]
  if (low === high) return null
  const fields = Object.entries(whole).map(([field, value]) => [
    field,
    Math.round(value * high) - Math.round(value * low),
  ])
  return Object.fromEntries(fields) as Totals
}

/** null: no call in that span. */
function sum(from: number, to: number, hourOf: (hour: number) => Totals | null = hourTotals): Totals | null {
  let total: Totals | null = null
  for (let hour = Math.floor(from / hourMs); hour < Math.ceil(to / hourMs); hour += 1) {
    const totals = hourOf(hour)
    if (totals !== null) total = total === null ? totals : add(total, totals)
  }
  return total
}

function partOf(names: (typeof shares)[UsageDimension], index: number) {
  return (hour: number) => hourPart(hour, names, index)
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

/** Since the user's midnight. */
export function fixtureToday(now: number): Totals {
  const date = new Date(now)
  return sum(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime(), now) ?? nothing
}

export function fixtureUsage(mood: FixtureMood, now: number): FixtureAnswers {
  const isEmpty = mood === 'empty'
  const date = new Date(now)
  const month = sum(new Date(date.getFullYear(), date.getMonth(), 1).getTime(), now) ?? nothing
  const until = (to: number) => Math.min(to, now)
  return {
    'usage.summary': ({ from, to }) => ({
      total: isEmpty ? nothing : (sum(from, until(to)) ?? nothing),
      previous: isEmpty ? nothing : (sum(from - (to - from), from) ?? nothing),
    }),
    'usage.groups': ({ from, to, by }) => ({
      groups: isEmpty
        ? []
        : shares[by]
            .map(([name], index) => ({ name, ...(sum(from, until(to), partOf(shares[by], index)) ?? nothing) }))
            .filter(({ requests }) => requests > 0)
            .toSorted((one, other) => other.costNanoUsd - one.costNanoUsd),
    }),
    'usage.series': ({ from, to, bucket, by }) => {
      const buckets = starts(from, to, bucket)
      const end = (index: number) => until(buckets[index + 1] ?? to)
      const names = by === undefined ? ([[null, 1]] as const) : shares[by]
      const series = names.map(([name], series) => ({
        name,
        points: buckets.map((start, index) => (start >= now ? null : sum(start, end(index), partOf(names, series)))),
      }))
      return { buckets, series: isEmpty ? [] : series }
    },
    'usage.latency': ({ from, to, bucket }) => ({
      durationMs: isEmpty ? null : percentilesAt(from, 3_200),
      firstTokenMs: isEmpty ? null : percentilesAt(from, 520),
      points: starts(from, to, bucket).map((start) => {
        const hasCalls = !isEmpty && sum(start, until(start + (bucket === 'hour' ? hourMs : dayMs))) !== null
        return {
          start,
          durationMs: hasCalls ? percentilesAt(start, 3_200) : null,
          firstTokenMs: hasCalls ? percentilesAt(start, 520) : null,
        }
      }),
    }),
    'usage.forecast': () => ({
      todayNanoUsd: isEmpty ? 0 : fixtureToday(now).costNanoUsd,
      monthNanoUsd: isEmpty ? 0 : month.costNanoUsd,
      forecastNanoUsd: isEmpty ? null : Math.round(month.costNanoUsd * 1.29),
      budgetNanoUsd: isEmpty ? null : 200e9,
      monthEndsAt: new Date(new Date(now).getFullYear(), new Date(now).getMonth() + 1, 1).getTime(),
    }),
  }
}
