import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from '../chat/json.ts'
import type { TablePrice, TableRate } from '../models/price-table.ts'
import { NamedCollector, numberOf, roundUsd, type NamedList } from './price-list.ts'

/** LiteLLM's model_prices_and_context_window.json: model name -> costs in USD per token (github.com/BerriAI/litellm). */

/** `litellm_provider` -> id of the table. Others are resellers of clouds that are not called here. */
const providers: Readonly<Record<string, string>> = {
  openai: 'openai',
  'text-completion-openai': 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  azure: 'azure',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'x-ai',
  openrouter: 'openrouter',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  cohere: 'cohere',
  cohere_chat: 'cohere',
  moonshot: 'moonshotai',
  zai: 'zai',
  dashscope: 'alibaba',
  nvidia_nim: 'nvidia',
  github: 'github',
  voyage: 'voyageai',
  minimax: 'minimax',
  novita: 'novita',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  baseten: 'baseten',
  cloudflare: 'cloudflare',
  ovhcloud: 'ovhcloud',
}

/** By these tokens alone are paid for; pictures and sound have costs that the table has no names for. */
const modes = new Set(['chat', 'completion', 'responses', 'embedding'])

const perToken: Readonly<Record<string, string>> = {
  input_cost_per_token: 'input_mtok',
  output_cost_per_token: 'output_mtok',
  cache_read_input_token_cost: 'cache_read_mtok',
  cache_creation_input_token_cost: 'cache_write_mtok',
  cache_creation_input_token_cost_above_1hr: 'cache_write_1h_mtok',
  input_cost_per_audio_token: 'input_audio_mtok',
  output_cost_per_audio_token: 'output_audio_mtok',
  output_cost_per_reasoning_token: 'output_reasoning_mtok',
}

export function isLiteLlm(value: JsonObject): boolean {
  return (
    'sample_spec' in value || Object.values(value).some((entry) => asObject(entry)?.['litellm_provider'] !== undefined)
  )
}

export function readLiteLlm(list: JsonObject): NamedList {
  const collector = new NamedCollector()
  for (const [name, entry] of Object.entries(list)) {
    if (name === 'sample_spec') continue
    if (isObject(entry)) readEntry(name, entry, collector)
    else collector.skip('no entry of a model')
  }
  return { kind: 'litellm', named: collector.named, skipped: collector.skipped }
}

function readEntry(name: string, entry: JsonObject, collector: NamedCollector): void {
  const theirs = asString(entry['litellm_provider']) ?? ''
  const provider = Object.hasOwn(providers, theirs) ? providers[theirs] : undefined
  const model = name.startsWith(`${theirs}/`) ? name.slice(theirs.length + 1) : name
  const prices = pricesOf(entry)
  if (provider === undefined) return collector.skip('of a provider that has no table here')
  if (!modes.has(asString(entry['mode']) ?? 'chat')) return collector.skip('not chat or embeddings')
  if (/^(eu|us|global|global-standard|[a-z]{2}(-[a-z]+)+-\d)\//.test(model))
    return collector.skip('a region of its own')
  if (entry['off_peak_pricing'] !== undefined) return collector.skip('priced by the time of day')
  if (prices === undefined) return collector.skip('without a price per token')
  collector.add({ provider, model, contextWindow: windowOf(entry), prices })
}

function windowOf(entry: JsonObject): number | undefined {
  const tokens = asNumber(entry['max_input_tokens'])
  return tokens !== undefined && Number.isInteger(tokens) && tokens > 0 ? tokens : undefined
}

function pricesOf(entry: JsonObject): TablePrice | undefined {
  const prices: TablePrice = {}
  for (const [theirs, ours] of Object.entries(perToken)) {
    const rate = rateOf(entry, theirs)
    if (rate !== undefined) prices[ours] = rate
  }
  Object.assign(prices, bandsOf(entry))
  const searches = searchPrice(entry)
  if (searches !== undefined) prices['web_searches_kcount'] = searches
  const requests = numberOf(entry['input_cost_per_request'])
  if (requests !== undefined) prices['requests_kcount'] = roundUsd(requests * 1000)
  return prices['input_mtok'] === undefined && prices['output_mtok'] === undefined ? undefined : prices
}

/** `..._above_200k_tokens`: what the whole call costs when it has more. */
function rateOf(entry: JsonObject, name: string): TableRate | undefined {
  const base = numberOf(entry[name])
  if (base === undefined) return undefined
  const tiers = Object.keys(entry).flatMap((key) => {
    const thousands = key.startsWith(name) ? /^_above_(\d+)k_tokens$/.exec(key.slice(name.length))?.[1] : undefined
    const price = numberOf(entry[key])
    return thousands === undefined || price === undefined
      ? []
      : [{ start: Number(thousands) * 1000, price: roundUsd(price * 1e6) }]
  })
  return tiers.length === 0 ? roundUsd(base * 1e6) : { base: roundUsd(base * 1e6), tiers }
}

/** `tiered_pricing`: the band that the prompt falls into holds for the whole call. */
function bandsOf(entry: JsonObject): TablePrice {
  const bands = (asArray(entry['tiered_pricing']) ?? []).filter(isObject)
  const prices: TablePrice = {}
  for (const [theirs, ours] of Object.entries(perToken)) {
    const tiers = bands
      .flatMap((band) => {
        const price = numberOf(band[theirs])
        const start = asNumber(asArray(band['range'])?.[0])
        return price === undefined || start === undefined ? [] : [{ start, price: roundUsd(price * 1e6) }]
      })
      .sort((left, right) => left.start - right.start)
    const [first, ...rest] = tiers
    if (first !== undefined) prices[ours] = rest.length === 0 ? first.price : { base: first.price, tiers: rest }
  }
  return prices
}

/** USD per 1,000 searches, where their size makes no difference. */
function searchPrice(entry: JsonObject): number | undefined {
  const bySize = Object.values(asObject(entry['search_context_cost_per_query']) ?? {})
  const [first] = bySize
  const price = numberOf(first)
  return price !== undefined && bySize.every((each) => each === first) ? roundUsd(price * 1000) : undefined
}
