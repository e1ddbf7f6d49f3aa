import { GatewayError } from '../errors.ts'
import { modelFacts } from '../models/catalog.ts'
import type { ModelFacts } from '../models/facts.ts'
import type { Probe } from '../pipeline/probe.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { matchesPattern } from '../providers/pattern.ts'
import { servesModel } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'

/** A name that clients may ask for. */
export interface ServedModel {
  id: string
  /** The provider's name, or `llm-gateway` for aliases. */
  owner: string
  /** Who answers first; undefined: an alias that leads nowhere. */
  target: { provider: Provider; model: string } | undefined
}

export interface ModelsView {
  table: RoutingTable
  probe: Probe
  /** Patterns of what the caller may use; undefined = everything. */
  allowed: readonly string[] | undefined
}

/** How long a list may wait for providers that name no models in the configuration. */
const patienceMs = 2500

/** Aliases first, then what every provider lists: in the configuration, else at its own /models. */
export async function listModels({ table, probe, allowed }: ModelsView): Promise<ServedModel[]> {
  const perProvider = await Promise.all(
    table.providers.map(async (provider) =>
      (await modelsOf(provider, probe)).map((id) => ({ id, owner: provider.name, target: { provider, model: id } })),
    ),
  )
  const all = [...aliasesOf(table), ...perProvider.flat()]
  const visible = allowed === undefined ? all : all.flatMap((model) => asAllowed(model, allowed))
  const seen = new Set<string>()
  return visible.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** By its own name or by `provider/model`. */
export async function findModel(id: string, view: ModelsView): Promise<ServedModel> {
  const models = await listModels(view)
  const found = models.find((each) => each.id === id) ?? models.find((each) => `${each.owner}/${each.id}` === id)
  if (found !== undefined) return { ...found, id }
  throw new GatewayError('model_not_found', `The model "${id}" is not served here; GET /v1/models lists what is.`, {
    param: 'model',
  })
}

/** What is known of whoever answers first. */
export function factsOf({ id, target }: ServedModel): ModelFacts {
  return modelFacts(target?.model ?? id)
}

function aliasesOf({ aliases, providers }: RoutingTable): ServedModel[] {
  return [...aliases].map(([id, targets]) => {
    const first = targets[0]
    const provider = providers.find(({ name }) => name === first?.provider)
    const target = first === undefined || provider === undefined ? undefined : { provider, model: first.model }
    return { id, owner: 'llm-gateway', target }
  })
}

/** A key for `openai/*` must write the provider before the model, so that is how it sees it. */
function asAllowed(model: ServedModel, allowed: readonly string[]): ServedModel[] {
  if (allowed.some((pattern) => matchesPattern(pattern, model.id))) return [model]
  const prefixed = `${model.owner}/${model.id}`
  return allowed.some((pattern) => matchesPattern(pattern, prefixed)) ? [{ ...model, id: prefixed }] : []
}

/** What one provider names in the configuration, else lists itself, as far as it may be asked for it. */
export async function modelsOf(provider: Provider, probe: Probe): Promise<string[]> {
  const named = [...(provider.models ?? []), ...Object.keys(provider.deployments)].filter((id) => !id.includes('*'))
  const isOpen = provider.models === undefined || provider.models.some((id) => id.includes('*'))
  if (!isOpen || provider.problem !== undefined) return named
  const listed = await withPatience(probe.check(provider))
  const fitting = (listed?.models ?? []).filter((id) => servesModel(provider, id) !== undefined)
  return [...named, ...fitting]
}

function withPatience<T>(promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), patienceMs)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
