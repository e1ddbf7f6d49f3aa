import type { Config, TargetConfig } from '../config/schema.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { findDialect } from '../dialects/index.ts'
import { GatewayError } from '../errors.ts'
import { nearest } from '../config/spelling.ts'
import { matchesPattern, patternSpecificity } from '../providers/pattern.ts'
import { nativeEndpoint, translationEndpoint } from '../providers/choose-endpoints.ts'
import { servesModel } from '../providers/provider.ts'
import type { Endpoint, Provider } from '../providers/types.ts'
import type { Route, Target } from './call.ts'

/** Everything routing knows, built once per configuration. */
export interface RoutingTable {
  providers: Provider[]
  aliases: ReadonlyMap<string, TargetConfig[]>
  defaultProvider: string | undefined
  chain: ChainLink[]
}

interface ChainLink {
  provider: Provider
  models: Record<string, string>
}

export interface RouteQuestion {
  model: string
  dialect: Dialect
  /** `x-gateway.provider` */
  provider: string | undefined
  /** `x-gateway.fallback` */
  fallback: boolean
}

/** A provider and the model it would be asked for, before it is known whether it speaks a fitting dialect. */
interface Candidate {
  provider: Provider
  model: string
  substituted: boolean
}

export function routingTable(config: Config, providers: Provider[]): RoutingTable {
  const byName = new Map(providers.map((provider) => [provider.name, provider]))
  const aliases = Object.entries(config.routing.modelMappings).map(
    ([alias, targets]) => [alias, Array.isArray(targets) ? targets : [targets]] as const,
  )
  const chain = config.routing.fallbackChain.flatMap((link) => {
    const { provider: name, models } = typeof link === 'string' ? { provider: link, models: {} } : link
    const provider = byName.get(name)
    return provider === undefined ? [] : [{ provider, models: { ...provider.modelMap, ...models } }]
  })
  return { providers, aliases: new Map(aliases), defaultProvider: config.routing.defaultProvider, chain }
}

/**
 * Model name -> ordered targets. Pure: `random` in [0, 1) decides weights. Order of resolution: the provider the caller
 * insists on; an alias; `provider/model`; providers that list the model (by name, then by pattern, then any model), by
 * priority; the default provider. After those, the fallback chain.
 */
export function route(question: RouteQuestion, table: RoutingTable, random: () => number): Route {
  const { alias, candidates } = resolve(question, table, random)
  if (candidates.length === 0) throw unknownModel(question.model, table)
  const all = question.fallback ? withFallback(question, candidates, table) : candidates.slice(0, 1)
  const targets = all.flatMap((candidate) => targetOf(candidate, question.dialect) ?? [])
  if (targets.length === 0 && question.dialect.client?.answerLocally === undefined)
    throw unsupported(question, candidates)
  return { alias, targets }
}

function resolve(
  { model, provider: insisted }: RouteQuestion,
  table: RoutingTable,
  random: () => number,
): { alias: string | undefined; candidates: Candidate[] } {
  const aliasTargets = table.aliases.get(model)
  const alias = aliasTargets === undefined ? undefined : model
  const named = aliasTargets === undefined ? undefined : aliasCandidates(aliasTargets, table, random)
  if (insisted !== undefined) {
    const provider = requireProvider(insisted, table)
    const fromAlias = named?.filter((candidate) => candidate.provider === provider)
    if (fromAlias !== undefined && fromAlias.length > 0) return { alias, candidates: fromAlias }
    return { alias: undefined, candidates: [{ provider, model: stripPrefix(model, insisted), substituted: false }] }
  }
  if (named !== undefined) return { alias, candidates: named }
  return { alias: undefined, candidates: byPrefix(model, table) ?? byModel(model, table) }
}

function aliasCandidates(targets: TargetConfig[], table: RoutingTable, random: () => number): Candidate[] {
  const ordered = targets.some((target) => target.weight !== undefined) ? byWeight(targets, random) : targets
  return ordered.flatMap(({ provider: name, model }) => {
    const provider = table.providers.find((each) => each.name === name)
    return provider === undefined ? [] : [{ provider, model, substituted: false }]
  })
}

/** A random order in which each place is drawn by weight, so that the rest serves as fallback. */
function byWeight(targets: TargetConfig[], random: () => number): TargetConfig[] {
  const left = [...targets]
  const ordered: TargetConfig[] = []
  while (left.length > 0) {
    let draw = random() * left.reduce((sum, target) => sum + (target.weight ?? 1), 0)
    let index = left.findIndex((target) => (draw -= target.weight ?? 1) < 0)
    if (index === -1) index = left.length - 1
    ordered.push(...left.splice(index, 1))
  }
  return ordered
}

function byPrefix(model: string, table: RoutingTable): Candidate[] | undefined {
  const slash = model.indexOf('/')
  if (slash <= 0) return undefined
  const provider = table.providers.find((each) => each.name === model.slice(0, slash))
  if (provider === undefined) return undefined
  // OpenRouter and Hugging Face name their models with a slash: where one is listed whole, the name is no prefix.
  if (table.providers.some((each) => servesModel(each, model) === 'exact')) return undefined
  return [{ provider, model: model.slice(slash + 1), substituted: false }]
}

const rank = { exact: 0, pattern: 1, any: 2 } as const

function byModel(model: string, table: RoutingTable): Candidate[] {
  const serving = table.providers
    .flatMap((provider) => {
      const how = servesModel(provider, model)
      // Only patterns differ in how closely they fit: a listed model and an Azure deployment are named alike.
      const closeness = how === 'pattern' ? specificity(provider, model) : 0
      return how === undefined ? [] : [{ provider, how, specificity: closeness }]
    })
    .toSorted(
      (a, b) =>
        rank[a.how] - rank[b.how] ||
        b.specificity - a.specificity ||
        a.provider.priority - b.provider.priority ||
        Number(isDefault(b.provider, table)) - Number(isDefault(a.provider, table)) ||
        a.provider.order - b.provider.order,
    )
  const best = serving[0]
  if (best === undefined) return defaultCandidates(model, table)
  // Providers that list the model are all meant to serve it; of those that take any name only one may be guessed.
  const meant = best.how === 'any' ? openCandidates(serving, table) : serving.filter(({ how }) => how !== 'any')
  return meant.map(({ provider }) => ({ provider, model, substituted: false }))
}

function openCandidates<T extends { provider: Provider }>(serving: T[], table: RoutingTable): T[] {
  const preferred = serving.find(({ provider }) => isDefault(provider, table)) ?? serving[0]
  return preferred === undefined ? [] : [preferred]
}

function specificity(provider: Provider, model: string): number {
  const fitting = (provider.models ?? []).filter((pattern) => matchesPattern(pattern, model))
  return Math.max(0, ...fitting.map(patternSpecificity))
}

function isDefault(provider: Provider, table: RoutingTable): boolean {
  return provider.name === table.defaultProvider
}

function defaultCandidates(model: string, table: RoutingTable): Candidate[] {
  const provider = table.providers.find((each) => isDefault(each, table))
  return provider === undefined ? [] : [{ provider, model, substituted: false }]
}

/** A caller that insists on a provider is served by no other. */
function withFallback({ model, provider }: RouteQuestion, candidates: Candidate[], table: RoutingTable): Candidate[] {
  return provider === undefined ? withChain(candidates, model, table) : candidates
}

/** Adds the chain's providers behind the candidates; one that does not serve the model is asked for its stand-in. */
function withChain(candidates: Candidate[], requested: string, table: RoutingTable): Candidate[] {
  const all = [...candidates]
  const primary = candidates[0]?.model ?? requested
  for (const { provider, models } of table.chain) {
    if (all.some((candidate) => candidate.provider === provider)) continue
    const model = standIn({ provider, models }, requested, primary)
    if (model !== undefined) all.push({ provider, model, substituted: model !== primary })
  }
  return all
}

/**
 * What a fallback provider is asked for: what the configuration maps the model to; the model itself where the provider
 * lists it; else the first model it lists (the caller is told). One without a list and without a map cannot be guessed,
 * unless it takes any name and is not known to be another vendor's.
 */
function standIn({ provider, models }: ChainLink, requested: string, primary: string): string | undefined {
  // Own members only: a model may be called "constructor".
  const mapped = [requested, primary, '*'].flatMap(
    (name) => (Object.hasOwn(models, name) ? models[name] : undefined) ?? [],
  )[0]
  if (mapped !== undefined) return mapped
  const how = servesModel(provider, primary)
  if (how === 'exact' || how === 'pattern') return primary
  return provider.models?.find((model) => !model.includes('*'))
}

function targetOf({ provider, model, substituted }: Candidate, client: Dialect): Target | undefined {
  const same = nativeEndpoint(provider, client.id, client.via)
  const key = `${provider.name}/${model}`
  if (same !== undefined)
    return { key, provider, model, endpoint: same, dialect: client, passThrough: true, substituted }
  if (client.client?.chat === undefined) return undefined
  const endpoint = translatedAt(provider)
  const dialect = endpoint === undefined ? undefined : findDialect(endpoint.dialect)
  if (endpoint === undefined || dialect === undefined) return undefined
  return { key, provider, model, endpoint, dialect, passThrough: false, substituted }
}

/** Where clients are translated to whose own dialect the provider does not speak. */
export function translatedAt(provider: Provider): Endpoint | undefined {
  return translationEndpoint(provider, (id) => findDialect(id)?.provider?.chat !== undefined)
}

function requireProvider(name: string, table: RoutingTable): Provider {
  const provider = table.providers.find((each) => each.name === name)
  if (provider !== undefined) return provider
  const known = table.providers.map((each) => each.name)
  throw new GatewayError(
    'invalid_request',
    `There is no provider "${name}"; configured: ${known.join(', ') || 'none'}.`,
    {
      param: 'x-gateway.provider',
    },
  )
}

function stripPrefix(model: string, provider: string): string {
  return model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model
}

function unknownModel(model: string, table: RoutingTable): GatewayError {
  const known = [
    ...table.aliases.keys(),
    ...table.providers.flatMap((provider) => provider.models?.filter((name) => !name.includes('*')) ?? []),
  ]
  const close = nearest(model, known)
  const hint = close === undefined ? 'GET /v1/models lists what there is' : `did you mean "${close}"?`
  return new GatewayError('model_not_found', `The model "${model}" is served by no configured provider; ${hint}.`, {
    param: 'model',
  })
}

function unsupported({ dialect, model }: RouteQuestion, candidates: Candidate[]): GatewayError {
  const names = [...new Set(candidates.map(({ provider }) => provider.name))].join(', ')
  const unset = candidates.find(({ provider }) => provider.endpoints.length === 0 && provider.problem !== undefined)
  if (unset !== undefined) {
    const { name, problem = '' } = unset.provider
    return new GatewayError('no_provider', `Provider "${name}" cannot be asked for "${model}": ${problem}.`)
  }
  return new GatewayError(
    'unsupported_operation',
    `${names} cannot serve "${model}" at this endpoint (${dialect.id}): the provider has nothing like it.`,
    { param: 'model' },
  )
}
