import { loadBundledPrices } from '../../gateway/models/price-shelf.ts'
import { costOf } from '../../gateway/models/cost.ts'
import type { AttemptRow } from '../../gateway/stores/ledger.ts'

/** Made-up calls that look like a developer's: who calls with what, from where, and what comes of it. */

export interface SeedOptions {
  calls: number
  /** Milliseconds since 1970: the last calls are of the minutes before. */
  now: number
  days: number
  /** Equal seeds make equal calls. */
  seed?: number
}

interface Tool {
  key: string
  weight: number
  dialect: string
  streams: number
  /** Requested name -> weight. */
  models: [requested: string, weight: number][]
  features: [feature: string | undefined, weight: number][]
  /** Tokens of a prompt, in the middle. */
  prompt: number
  output: number
  /** Share of a prompt that the provider has cached. */
  cached: number
  hits: number
}

const tools: Tool[] = [
  {
    key: 'Claude Code',
    weight: 40,
    dialect: 'anthropic-messages',
    streams: 0.97,
    models: [
      ['claude-sonnet-4-5', 70],
      ['claude-haiku-4-5', 22],
      ['claude-opus-4-5', 8],
    ],
    features: [
      ['coding', 80],
      ['review', 20],
    ],
    prompt: 24_000,
    output: 480,
    cached: 0.88,
    hits: 0,
  },
  {
    key: 'Codex',
    weight: 22,
    dialect: 'openai-chat',
    streams: 0.95,
    models: [
      ['gpt-5', 75],
      ['gpt-5-mini', 25],
    ],
    features: [
      ['coding', 70],
      ['tests', 30],
    ],
    prompt: 14_000,
    output: 700,
    cached: 0.7,
    hits: 0,
  },
  {
    key: 'Cursor',
    weight: 16,
    dialect: 'openai-chat',
    streams: 0.9,
    models: [
      ['smart', 45],
      ['gpt-5-mini', 35],
      ['gemini-2.5-flash', 20],
    ],
    features: [
      ['completion', 60],
      ['chat', 40],
    ],
    prompt: 5000,
    output: 220,
    cached: 0.4,
    hits: 0.02,
  },
  {
    key: 'docs-bot',
    weight: 14,
    dialect: 'openai-chat',
    streams: 0.3,
    models: [
      ['fast', 80],
      ['gemini-2.5-flash', 20],
    ],
    features: [
      ['answers', 75],
      ['summaries', 25],
    ],
    prompt: 2600,
    output: 260,
    cached: 0.2,
    hits: 0.34,
  },
  {
    key: 'anonymous',
    weight: 8,
    dialect: 'openai-chat',
    streams: 0.5,
    models: [
      ['local', 55],
      ['fast', 25],
      ['our-finetune', 20],
    ],
    features: [[undefined, 100]],
    prompt: 900,
    output: 180,
    cached: 0,
    hits: 0.05,
  },
]

interface Served {
  provider: string
  model: string
  alias?: string
  priceId?: string
  free?: boolean
  /** Milliseconds to the first token, tokens a second. */
  firstTokenMs: number
  speed: number
  /** Share of attempts that fail. */
  failures: number
}

const sonnet = { provider: 'anthropic', priceId: 'anthropic', firstTokenMs: 900, speed: 75, failures: 0.018 }
const openai = { provider: 'openai', priceId: 'openai', firstTokenMs: 700, speed: 95, failures: 0.012 }
const google = { provider: 'gemini', priceId: 'google', firstTokenMs: 420, speed: 170, failures: 0.022 }
const deepseek = { provider: 'deepseek', priceId: 'deepseek', firstTokenMs: 1100, speed: 45, failures: 0.05 }

/** Where a requested name leads, and where to when that fails. */
const routes: Record<string, [Served, ...Served[]]> = {
  'claude-sonnet-4-5': [{ ...sonnet, model: 'claude-sonnet-4-5' }],
  'claude-haiku-4-5': [{ ...sonnet, model: 'claude-haiku-4-5', firstTokenMs: 450, speed: 150 }],
  'claude-opus-4-5': [{ ...sonnet, model: 'claude-opus-4-5', firstTokenMs: 1400, speed: 55 }],
  'gpt-5': [{ ...openai, model: 'gpt-5', firstTokenMs: 1900 }],
  'gpt-5-mini': [{ ...openai, model: 'gpt-5-mini' }],
  'gemini-2.5-flash': [{ ...google, model: 'gemini-2.5-flash' }],
  smart: [
    { ...sonnet, model: 'claude-sonnet-4-5', alias: 'smart' },
    { ...openai, model: 'gpt-5', alias: 'smart' },
  ],
  fast: [
    { ...deepseek, model: 'deepseek-chat', alias: 'fast' },
    { ...google, model: 'gemini-2.5-flash', alias: 'fast' },
  ],
  local: [
    { provider: 'ollama', model: 'llama3.2', alias: 'local', free: true, firstTokenMs: 350, speed: 40, failures: 0.01 },
  ],
  'our-finetune': [{ provider: 'lab', model: 'our-finetune', firstTokenMs: 600, speed: 60, failures: 0.03 }],
}

const failures: [status: number, code: string, weight: number][] = [
  [429, 'rate_limit_exceeded', 45],
  [529, 'overloaded_error', 25],
  [500, 'server_error', 15],
  [504, 'timeout', 15],
]

type Price = (served: Served, at: number, usage: Pick<AttemptRow, Tokens>) => number | undefined
type Tokens = 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens'

/** All attempts of all calls, the oldest first. */
export async function* seedCalls(options: SeedOptions): AsyncGenerator<AttemptRow[]> {
  const chance = new Chance(options.seed ?? 1)
  const price = await openPrices()
  for (const startedAt of times(options, chance)) yield new MadeCall(startedAt, chance, price).rows()
}

async function openPrices(): Promise<Price> {
  const book = await loadBundledPrices()
  return ({ provider, model, priceId, free }, at, tokens) => {
    const row = { ...(priceId === undefined ? {} : { priceId }), ...(free === undefined ? {} : { free }) }
    const found = priceId === undefined && free === undefined ? undefined : book.find({ provider, row, model, at })
    if (found === undefined) return undefined
    const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = tokens
    const usage = { input: inputTokens, output: outputTokens, cacheRead: cacheReadTokens, cacheWrite: cacheWriteTokens }
    return costOf({ ...usage, reasoning: reasoningTokens }, found)?.totalNanoUsd
  }
}

/** More by day than by night, less at weekends, a little more every week; always some of the last minutes. */
function times({ calls, now, days }: SeedOptions, chance: Chance): number[] {
  const dayMs = 86_400_000
  const recent = Math.min(calls, 12)
  const result = Array.from({ length: recent }, () => now - Math.floor(chance.next() * 1_800_000))
  while (result.length < calls) {
    const at = Math.floor(now - chance.next() ** 1.15 * days * dayMs)
    const hour = (at / 3_600_000) % 24
    const weekday = new Date(at).getUTCDay()
    const busy = 0.06 + Math.exp(-((hour - 14) ** 2) / 18)
    if (chance.next() < busy * (weekday === 0 || weekday === 6 ? 0.25 : 1)) result.push(at)
  }
  return result.sort((a, b) => a - b)
}

/** One call and what comes of it. */
class MadeCall {
  readonly #startedAt: number
  readonly #chance: Chance
  readonly #price: Price
  readonly #tool: Tool
  readonly #targets: Served[]
  readonly #common: Pick<
    AttemptRow,
    'callId' | 'dialect' | 'stream' | 'requestedModel' | 'key' | 'estimated' | 'feature'
  >

  constructor(startedAt: number, chance: Chance, price: Price) {
    this.#startedAt = startedAt
    this.#chance = chance
    this.#price = price
    this.#tool = chance.pick(tools.map((tool) => [tool, tool.weight]))
    const requestedModel = chance.pick(this.#tool.models)
    const feature = chance.pick(this.#tool.features)
    this.#targets = routes[requestedModel] ?? []
    this.#common = {
      callId: chance.uuid(),
      dialect: this.#tool.dialect,
      stream: chance.next() < this.#tool.streams,
      requestedModel,
      key: this.#tool.key,
      estimated: false,
      ...(feature === undefined ? {} : { feature }),
    }
  }

  rows(): AttemptRow[] {
    const { next } = this.#chance
    if (next() < 0.006) return [this.#refused()]
    const [first] = this.#targets
    if (first !== undefined && next() < this.#tool.hits) {
      const hit = this.#hit(first)
      return [next() < 0.08 ? this.#similar(hit) : hit]
    }
    const rows: AttemptRow[] = []
    let at = this.#startedAt
    for (const [index, served] of this.#targets.entries()) {
      const isLast = index === this.#targets.length - 1
      if (next() >= served.failures) return [...rows, this.#answered(served, index + 1, at)]
      const row = this.#failed(served, index + 1, at)
      rows.push({ ...row, final: isLast })
      at += Math.ceil(row.durationMs)
    }
    return rows
  }

  #refused(): AttemptRow {
    return {
      ...this.#common,
      attempt: 0,
      final: true,
      startedAt: this.#startedAt,
      outcome: 'refused',
      status: 429,
      errorCode: 'rate_limit_exceeded',
      cache: 'BYPASS',
      costNanoUsd: 0,
      durationMs: this.#chance.around(0.4),
    }
  }

  #hit(served: Served): AttemptRow {
    const saved = this.#price(served, this.#startedAt, this.#tokens())
    return {
      ...this.#common,
      ...named(served),
      attempt: 0,
      final: true,
      startedAt: this.#startedAt,
      outcome: 'ok',
      status: 200,
      cache: 'HIT',
      costNanoUsd: 0,
      durationMs: this.#chance.around(0.6),
      ...(saved === undefined ? {} : { savedNanoUsd: saved }),
    }
  }

  #similar(hit: AttemptRow): AttemptRow {
    const similarity = 0.92 + 0.07 * this.#chance.next()
    return { ...hit, cache: 'SEMANTIC', similarity, sourceCallId: this.#chance.uuid(), durationMs: hit.durationMs + 40 }
  }

  /** A key in a tool's output, taken out on the way. */
  #guarded(): Pick<AttemptRow, 'guards'> {
    if (this.#chance.next() >= 0.01) return {}
    const found = { 'openai-key': 1 }
    return { guards: [{ guard: 'keep-secrets', check: 'secrets', on: 'request', action: 'redact', found }] }
  }

  #failed(served: Served, attempt: number, startedAt: number): AttemptRow {
    const [status, errorCode] = this.#chance.pick(
      failures.map(([status, code, weight]) => [[status, code] as const, weight]),
    )
    const durationMs = status === 504 ? 60_000 : this.#chance.around(320)
    const outcome = { outcome: 'error', status, errorCode, cache: this.#cache(), costNanoUsd: 0, durationMs } as const
    return { ...this.#common, ...named(served), attempt, final: true, startedAt, ...outcome }
  }

  #answered(served: Served, attempt: number, startedAt: number): AttemptRow {
    const { next, around } = this.#chance
    const tokens = this.#tokens()
    const firstTokenMs = around(served.firstTokenMs)
    const outcome = this.#common.stream && next() < 0.02 ? (next() < 0.8 ? 'aborted' : 'broken') : 'ok'
    const cost = this.#price(served, startedAt, tokens)
    return {
      ...this.#common,
      ...named(served),
      ...tokens,
      attempt,
      final: true,
      startedAt,
      outcome,
      status: 200,
      cache: this.#cache(),
      estimated: outcome === 'aborted',
      durationMs: firstTokenMs + (tokens.outputTokens / around(served.speed)) * 1000,
      ...(this.#common.stream ? { firstTokenMs } : {}),
      ...this.#guarded(),
      ...(outcome === 'broken' ? { errorCode: 'upstream_closed' } : {}),
      ...(cost === undefined ? {} : { costNanoUsd: cost }),
    }
  }

  #cache(): AttemptRow['cache'] {
    return this.#tool.hits > 0 ? 'MISS' : 'BYPASS'
  }

  #tokens(): Required<Pick<AttemptRow, 'inputTokens' | 'outputTokens'>> & Pick<AttemptRow, Tokens> {
    const { next, around } = this.#chance
    const inputTokens = Math.ceil(around(this.#tool.prompt))
    const outputTokens = Math.ceil(around(this.#tool.output))
    const cached = next() < 0.9 ? Math.floor((inputTokens * this.#tool.cached * (0.7 + 0.3 * next())) / 128) * 128 : 0
    const isAnthropic = this.#tool.dialect === 'anthropic-messages'
    return {
      inputTokens,
      outputTokens,
      ...(this.#tool.cached > 0 ? { cacheReadTokens: cached } : {}),
      ...(isAnthropic ? { cacheWriteTokens: Math.floor((inputTokens - cached) * 0.6) } : {}),
      ...(this.#common.requestedModel.startsWith('gpt-5') ? { reasoningTokens: Math.floor(outputTokens * 0.4) } : {}),
    }
  }
}

function named({ provider, model, alias }: Served): Pick<AttemptRow, 'provider' | 'model' | 'alias'> {
  return { provider, model, ...(alias === undefined ? {} : { alias }) }
}

/** Random numbers that a seed repeats (mulberry32). */
class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** From 0 to 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Log-normal: mostly near the middle, seldom far above. */
  readonly around = (middle: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
    return middle * Math.exp(0.55 * normal)
  }

  pick<T>(choices: readonly (readonly [choice: T, weight: number])[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [choice, weight] of choices) {
      left -= weight
      if (left < 0) return choice
    }
    throw new Error('nothing to choose from')
  }

  uuid(): string {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(this.next() * 4_294_967_296)
        .toString(16)
        .padStart(8, '0'),
    ).join('')
    const rest = [hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)]
    return [hex.slice(0, 8), ...rest].join('-')
  }
}
