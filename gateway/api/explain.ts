import type { TargetConfig } from '../config/schema.ts'
import type { Explanation } from '../contract.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { findDialect } from '../dialects/index.ts'
import { GatewayError } from '../errors.ts'
import type { PriceBook } from '../models/price-book.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import type { Target } from '../pipeline/call.ts'
import { route, type RoutingTable } from '../pipeline/route.ts'
import { bestPattern } from '../providers/pattern.ts'
import { servesModel } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'
import { priceNow } from './models-facts.ts'
import { plainProblem } from './providers-view.ts'

export interface ExplainFacts {
  table: RoutingTable
  prices: PriceBook
  breaker: Pick<Breaker, 'opensInMs'>
  now: number
}

/** What would happen to a chat call for a model: routed as a call is, and nobody is asked. */
export function explain(model: string, facts: ExplainFacts): Explanation {
  const { table } = facts
  // Every client dialect of today is OpenAI's, or one that translates as chat does.
  const dialect = findDialect('openai-chat') as Dialect
  try {
    // Never drawing leaves weighted targets in the order in which they are written.
    const found = route({ model, dialect, provider: undefined, fallback: true }, table, () => 0)
    const weighted = weightsOf(table.aliases.get(model) ?? [])
    const targets = found.targets.map((target, index) => describe(target, { index, weighted, facts }))
    return { model, reason: reasonOf(model, found.targets, table), problem: null, targets }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { model, reason: 'no provider serves this name', problem: error.message, targets: [] }
  }
}

interface TargetFacts {
  index: number
  weighted: Map<string, number>
  facts: ExplainFacts
}

function describe(target: Target, { index, weighted, facts }: TargetFacts): Explanation['targets'][number] {
  const { provider, model, dialect, key } = target
  const total = [...weighted.values()].reduce((sum, weight) => sum + weight, 0)
  const weight = weighted.get(key)
  return {
    provider: provider.name,
    model,
    dialect: dialect.id,
    price: priceNow(facts.prices, provider, model, facts.now),
    share: weight === undefined ? null : weight / total,
    isFallback: weight === undefined && index > 0,
    problem: problemOf(target, facts.breaker),
  }
}

/** By `provider/model`; empty where the order decides. */
function weightsOf(targets: readonly TargetConfig[]): Map<string, number> {
  const weights = new Map<string, number>()
  if (targets.every(({ weight }) => weight === undefined)) return weights
  for (const { provider, model, weight = 1 } of targets) {
    const key = `${provider}/${model}`
    weights.set(key, (weights.get(key) ?? 0) + weight)
  }
  return weights
}

function problemOf({ key, provider }: Target, breaker: ExplainFacts['breaker']): string | null {
  const problem = plainProblem(provider)
  if (problem !== undefined) return problem
  const opensInMs = breaker.opensInMs(key)
  if (opensInMs === 0) return null
  return `It would be skipped: it failed too often. It is tried again in ${Math.ceil(opensInMs / 1000)} s.`
}

/** Why the first target is the first, in the order in which routing decides. */
function reasonOf(model: string, targets: readonly Target[], table: RoutingTable): string {
  const alias = table.aliases.get(model)
  if (alias !== undefined) return aliasReason(model, alias)
  const first = targets[0]
  if (first === undefined) return 'no provider serves this name'
  const { provider } = first
  if (first.model !== model && `${provider.name}/${first.model}` === model) {
    return `"${provider.name}/" at its beginning names the provider ${provider.name}`
  }
  return servingReason(model, provider, table)
}

function aliasReason(model: string, targets: readonly TargetConfig[]): string {
  if (targets.length === 1) return `"${model}" is an alias`
  const isWeighted = targets.some(({ weight }) => weight !== undefined)
  return isWeighted
    ? `"${model}" is an alias; weights decide who is asked first, the others stand in`
    : `"${model}" is an alias; its targets are asked in their order`
}

function servingReason(model: string, provider: Provider, table: RoutingTable): string {
  const how = servesModel(provider, model)
  if (how === 'exact') {
    const also = table.providers.filter((each) => servesModel(each, model) === 'exact')
    const names = also.map(({ name }) => name).join(', ')
    return also.length > 1 ? `listed by ${names}; the lowest priority number is asked first` : `listed by ${names}`
  }
  if (how === 'pattern') return `${provider.name} has the pattern "${bestPattern(provider.models ?? [], model) ?? ''}"`
  if (how === 'any' && provider.name !== table.defaultProvider) {
    return `no provider lists it; ${provider.name} takes any model name`
  }
  return `no provider lists it; ${provider.name} is the default provider`
}
