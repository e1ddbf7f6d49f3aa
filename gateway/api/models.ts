import { GatewayError } from '../errors.ts'
import type { Probe } from '../pipeline/probe.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { servesModel } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'

export interface ModelCard {
  id: string
  object: 'model'
  /** Seconds since 1970; 0 = not told. */
  created: number
  owned_by: string
}

/** How long a list may wait for providers that name no models in the configuration. */
const patienceMs = 2500

/** Aliases first, then what every provider lists: in the configuration, else at its own /models. */
export async function listModels(table: RoutingTable, probe: Probe): Promise<ModelCard[]> {
  const aliases = [...table.aliases.keys()].map((id) => card(id, 'llm-gateway'))
  const perProvider = await Promise.all(
    table.providers.map(async (provider) => (await modelsOf(provider, probe)).map((id) => card(id, provider.name))),
  )
  const cards = [...aliases, ...perProvider.flat()]
  const seen = new Set<string>()
  return cards.filter(({ id }) => !seen.has(id) && seen.add(id))
}

export async function findModel(id: string, table: RoutingTable, probe: Probe): Promise<ModelCard> {
  const cards = await listModels(table, probe)
  const found = cards.find((each) => each.id === id) ?? cards.find((each) => `${each.owned_by}/${each.id}` === id)
  if (found !== undefined) return { ...found, id }
  throw new GatewayError('model_not_found', `The model "${id}" is not served here; GET /v1/models lists what is.`, {
    param: 'model',
  })
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

function card(id: string, owner: string): ModelCard {
  return { id, object: 'model', created: 0, owned_by: owner }
}
