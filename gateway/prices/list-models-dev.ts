import { asArray, asNumber, asObject, isObject, type JsonObject } from '../chat/json.ts'
import type { TablePrice } from '../models/price-table.ts'
import { NamedCollector, numberOf, roundUsd, type NamedList } from './price-list.ts'

/** models.dev's api.json: provider -> models -> cost in USD per 1M tokens (models.dev/api.json). */

/** Their provider -> id of the table. */
const providers: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  azure: 'azure',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'x-ai',
  openrouter: 'openrouter',
  togetherai: 'together',
  'fireworks-ai': 'fireworks',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  cohere: 'cohere',
  moonshotai: 'moonshotai',
  zai: 'zai',
  zhipuai: 'zhipuai',
  alibaba: 'alibaba',
  nvidia: 'nvidia',
  huggingface: 'huggingface',
  'github-models': 'github',
  'amazon-bedrock': 'aws',
  minimax: 'minimax',
  'novita-ai': 'novita',
  baseten: 'baseten',
  'cloudflare-workers-ai': 'cloudflare',
  ovhcloud: 'ovhcloud',
}

const items: Readonly<Record<string, string>> = {
  input: 'input_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  cache_read: 'cache_read_mtok',
  cache_write: 'cache_write_mtok',
  input_audio: 'input_audio_mtok',
  output_audio: 'output_audio_mtok',
}

export function isModelsDev(value: JsonObject): boolean {
  const entries = Object.values(value)
  return entries.length > 0 && entries.every((entry) => isObject(asObject(entry)?.['models']))
}

export function readModelsDev(list: JsonObject): NamedList {
  const collector = new NamedCollector()
  for (const [id, entry] of Object.entries(list)) {
    const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
    for (const [model, facts] of Object.entries(asObject(asObject(entry)?.['models']) ?? {})) {
      if (provider === undefined) collector.skip('of a provider that has no table here')
      else readModel(asObject(facts) ?? {}, { provider, model }, collector)
    }
  }
  return { kind: 'models.dev', named: collector.named, skipped: collector.skipped }
}

function readModel(
  facts: JsonObject,
  { provider, model }: { provider: string; model: string },
  collector: NamedCollector,
): void {
  const prices = pricesOf(asObject(facts['cost']) ?? {})
  if (prices === undefined) return collector.skip('without a price per token')
  const window = asNumber(asObject(facts['limit'])?.['context'])
  const contextWindow = window !== undefined && Number.isInteger(window) && window > 0 ? window : undefined
  collector.add({ provider, model, contextWindow, prices })
}

function pricesOf(cost: JsonObject): TablePrice | undefined {
  const tiers = tiersOf(cost)
  const prices: TablePrice = {}
  for (const [theirs, ours] of Object.entries(items)) {
    const base = numberOf(cost[theirs])
    if (base === undefined) continue
    const above = tiers.flatMap(({ start, rates }) => {
      const price = numberOf(rates[theirs])
      return price === undefined ? [] : [{ start, price: roundUsd(price) }]
    })
    prices[ours] = above.length === 0 ? roundUsd(base) : { base: roundUsd(base), tiers: above }
  }
  return prices['input_mtok'] === undefined && prices['output_mtok'] === undefined ? undefined : prices
}

/** `tiers`, or the one tier of lists before there were more: `context_over_200k`. */
function tiersOf(cost: JsonObject): { start: number; rates: JsonObject }[] {
  const listed = (asArray(cost['tiers']) ?? []).filter(isObject).flatMap((rates) => {
    const tier = asObject(rates['tier'])
    const start = tier?.['type'] === 'context' ? asNumber(tier['size']) : undefined
    return start === undefined ? [] : [{ start, rates }]
  })
  if (listed.length > 0) return listed.sort((left, right) => left.start - right.start)
  const older = asObject(cost['context_over_200k'])
  return older === undefined ? [] : [{ start: 200_000, rates: older }]
}
