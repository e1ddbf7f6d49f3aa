import { publicPrice } from '../api/models-facts.ts'
import { factsOf, type ServedModel } from '../api/models.ts'
import type { PriceBook } from '../models/price-book.ts'
import type { ContextOf } from './models-context.ts'

/** LM Studio's `GET /api/v0/models`; `llm` and `tool_use` are what makes Zed offer a model to its agent. */
export function lmStudioModel(model: ServedModel, contextOf: ContextOf): object {
  const contextWindow = contextOf(model) ?? assumedContext
  return {
    id: model.id,
    object: 'model',
    type: 'llm',
    publisher: model.owner,
    arch: '',
    compatibility_type: '',
    quantization: '',
    state: 'loaded',
    max_context_length: contextWindow,
    loaded_context_length: contextWindow,
    capabilities: ['tool_use'],
  }
}

/** The members are required there, and what is served through a gateway is seldom smaller. */
const assumedContext = 131_072

/** LiteLLM's `GET /model/info`; prices are USD per token, and missing where they are not known. */
export function liteLlmModel(
  model: ServedModel,
  { contextOf, prices, now }: { contextOf: ContextOf; prices: PriceBook; now: number },
): object {
  const { maxOutputTokens, thinking } = factsOf(model)
  return {
    model_name: model.id,
    litellm_params: { model: model.id },
    model_info: {
      id: model.id,
      mode: 'chat',
      litellm_provider: model.owner,
      max_input_tokens: contextOf(model) ?? null,
      max_output_tokens: maxOutputTokens ?? null,
      max_tokens: maxOutputTokens ?? null,
      supports_function_calling: true,
      ...(thinking === undefined ? {} : { supports_reasoning: thinking !== 'none' }),
      ...priceOf(model, prices, now),
    },
  }
}

function priceOf({ target }: ServedModel, prices: PriceBook, at: number): object {
  if (target === undefined) return {}
  const { provider, model } = target
  const found = prices.find({ provider: provider.name, row: provider.row, model, at })
  if (found === undefined) return {}
  const { input, output, cacheRead, cacheWrite } = publicPrice(found)
  const perToken = {
    input_cost_per_token: input,
    output_cost_per_token: output,
    cache_read_input_token_cost: cacheRead,
    cache_creation_input_token_cost: cacheWrite,
  }
  return Object.fromEntries(
    Object.entries(perToken).flatMap(([name, price]) => (price === null ? [] : [[name, price / 1e6]])),
  )
}
