import type { Model } from '../contract.ts'
import { modelFacts } from '../models/catalog.ts'
import type { PriceBook } from '../models/price-book.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import type { HandlersOf } from './api.ts'
import { explain } from './explain.ts'
import { capabilitiesOf, priceNow } from './models-facts.ts'
import { modelsOf } from './models.ts'
import type { RoutingView } from './providers-view.ts'

export interface ModelsPorts {
  current: () => RoutingView
  prices: () => Promise<PriceBook>
  breaker: Breaker
  /** Milliseconds since 1970. */
  now: () => number
}

export function createModelsHandlers({ current, prices, breaker, now }: ModelsPorts): HandlersOf<'models'> {
  return {
    'models.list': async () => ({ models: await listAll(current(), await prices(), now()) }),
    async 'models.explain'({ model }) {
      return explain(model, { table: current().table, prices: await prices(), breaker, now: now() })
    },
  }
}

/** Every provider by itself: the same model may be had from several, at different prices. */
async function listAll({ providers, probe }: RoutingView, prices: PriceBook, at: number): Promise<Model[]> {
  const lists = await Promise.all(
    providers.map(async (provider) => ({ provider, ids: new Set(await modelsOf(provider, probe)) })),
  )
  return lists.flatMap(({ provider, ids }) =>
    [...ids].map((id) => ({
      id,
      provider: provider.name,
      price: priceNow(prices, provider, id, at),
      contextWindow: modelFacts(id).contextTokens ?? prices.contextWindow(provider.row.priceId, id) ?? null,
      maxOutput: modelFacts(id).maxOutputTokens ?? null,
      capabilities: capabilitiesOf(id),
    })),
  )
}
