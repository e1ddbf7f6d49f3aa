import type { Config, LimitConfig } from '../config/schema.ts'
import type { Usage } from '../chat/usage.ts'
import { GatewayError } from '../errors.ts'
import { matchesPattern } from '../providers/pattern.ts'
import { memberValue } from '../dialects/members.ts'
import type { Counter, Demand, Limit, LimitState } from '../stores/counter.ts'
import type { Call, Caller, Route } from './call.ts'

/** Leave to go on, and what was reserved for it. */
export interface Ticket {
  /** Rate-limit state for the reply's headers; empty where nothing is limited. */
  headers: Record<string, string>
  /** Corrects reserved tokens by what was really used; `undefined` = nothing was used. Once. */
  settle(usage: Usage | undefined): void | Promise<void>
}

export type Admit = (call: Call, caller: Caller, route: Route) => Ticket | Promise<Ticket>

const free: Ticket = { headers: Object.freeze({}), settle: () => {} }

export function limitsOf(id: string, limit: LimitConfig | undefined): Limit[] {
  if (limit === undefined) return []
  const { requests, tokens, window: windowMs } = limit
  return [
    ...(requests === undefined ? [] : [{ id: `${id}/requests`, unit: 'requests' as const, limit: requests, windowMs }]),
    ...(tokens === undefined ? [] : [{ id: `${id}/tokens`, unit: 'tokens' as const, limit: tokens, windowMs }]),
  ]
}

export interface AdmitPorts {
  counter: Counter
  /** The counter's clock, milliseconds. */
  now: () => number
  onRefused: (limitId: string) => void
}

/** Limits of one configuration, checked all or nothing before a call goes on. */
export function createAdmit(config: Config, { counter, now, onRefused }: AdmitPorts): Admit {
  const { enabled, global, perModel } = config.rateLimit
  const globalLimits = enabled ? limitsOf('global', global) : []
  const modelLimits = enabled
    ? Object.entries(perModel).map(([model, limit]) => ({ model, limits: limitsOf(`model/${model}`, limit) }))
    : []

  return (call, caller, route) => {
    const limits = [...globalLimits, ...caller.limits, ...limitsFor(modelLimits, call, route)]
    if (limits.length === 0) return free
    const takenAt = now()
    const demands = limits.map((limit) => ({ ...limit, amount: amountOf(limit, call), takenAt }))
    const verdict = counter.take(demands)
    return verdict instanceof Promise ? verdict.then(decide) : decide(verdict)

    function decide(settled: Awaited<typeof verdict>): Ticket {
      if (settled.allowed) return ticket(counter, demands, settled.states)
      onRefused(settled.refused.id)
      throw refusal(settled.refused, settled.states)
    }
  }
}

function limitsFor(modelLimits: { model: string; limits: Limit[] }[], call: Call, route: Route): Limit[] {
  if (modelLimits.length === 0) return []
  const names = [call.model, route.targets[0]?.model ?? call.model]
  return modelLimits
    .filter(({ model }) => names.some((name) => matchesPattern(model, name)))
    .flatMap(({ limits }) => limits)
}

/** A call whose reserve is above the whole limit gets the whole limit: else it could never pass. */
function amountOf({ unit, limit }: Limit, call: Call): number {
  return unit === 'requests' ? 1 : Math.min(limit, reserve(call))
}

/** Tokens held back until the real number is known: the prompt's share of the body, and the longest answer asked for. */
function reserve(call: Call): number {
  const asked = memberValue(call.members, 'max_completion_tokens') ?? memberValue(call.members, 'max_tokens')
  return Math.ceil(call.members.bytes.length / 4 + (typeof asked === 'number' && asked > 0 ? asked : 0))
}

function ticket(counter: Counter, demands: Demand[], states: LimitState[]): Ticket {
  const reserved = demands.filter((demand) => demand.unit === 'tokens')
  return {
    headers: limitHeaders(states),
    settle(usage) {
      if (reserved.length === 0) return
      const used = (usage?.input ?? 0) + (usage?.output ?? 0)
      return counter.settle(reserved.map((demand) => ({ ...demand, amount: used - demand.amount })))
    },
  }
}

/** OpenAI's names; of several limits of one kind the tightest is told. */
export function limitHeaders(states: LimitState[]): Record<string, string> {
  const headers: Record<string, string> = {}
  const requests = tightest(states, 'requests')
  if (requests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(requests.limit)
    headers['x-ratelimit-remaining-requests'] = String(requests.remaining)
    headers['x-ratelimit-reset-requests'] = resetText(requests.resetMs)
  }
  const tokens = tightest(states, 'tokens')
  if (tokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(tokens.limit)
    headers['x-ratelimit-remaining-tokens'] = String(tokens.remaining)
    headers['x-ratelimit-reset-tokens'] = resetText(tokens.resetMs)
  }
  return headers
}

function tightest(states: LimitState[], unit: LimitState['unit']): LimitState | undefined {
  let found: LimitState | undefined
  for (const state of states) {
    if (state.unit === unit && (found === undefined || state.remaining < found.remaining)) found = state
  }
  return found
}

/** `450ms`, `12s`, `6m0s`: how OpenAI writes it. */
function resetText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`
  const seconds = Math.ceil(ms / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

function refusal(refused: LimitState, states: LimitState[]): GatewayError {
  const [scope, name] = refused.id.split('/')
  const whose =
    scope === 'global'
      ? 'of this gateway'
      : scope === 'key'
        ? `of the key "${name}"`
        : `of the model "${refused.id.slice(6, refused.id.lastIndexOf('/'))}"`
  const message = `The limit ${whose} is reached: ${refused.limit} ${refused.unit} per window. It frees in ${resetText(refused.resetMs)}.`
  return new GatewayError('rate_limit_exceeded', message, {
    retryAfterMs: refused.resetMs,
    headers: limitHeaders(states),
  })
}
