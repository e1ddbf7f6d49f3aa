import { factsOf, type ServedModel } from '../api/models.ts'
import { GatewayError } from '../errors.ts'
import type { ContextOf } from './models-context.ts'
import { epoch } from './models-openai.ts'

export interface AnthropicPage {
  limit?: string
  after_id?: string
  before_id?: string
}

/** Anthropic's own page is 20 long; pickers that read one page only should see everything, so ours is as long as may be. */
const longestPage = 1000

export function anthropicModel(model: ServedModel, contextOf: ContextOf): object {
  return {
    type: 'model',
    id: model.id,
    display_name: model.id,
    created_at: epoch,
    max_input_tokens: contextOf(model) ?? null,
    max_tokens: factsOf(model).maxOutputTokens ?? null,
    capabilities: null,
  }
}

/** One page of `data[]`, as Anthropic counts them: `after_id` and `before_id` are the ids next to it. */
export function anthropicList(models: readonly ServedModel[], page: AnthropicPage, contextOf: ContextOf): object {
  const limit = readLimit(page.limit)
  const { found, more } = cut(models, page, limit)
  return {
    data: found.map((model) => anthropicModel(model, contextOf)),
    has_more: more,
    first_id: found[0]?.id ?? null,
    last_id: found.at(-1)?.id ?? null,
  }
}

function cut(
  models: readonly ServedModel[],
  { after_id: after, before_id: before }: AnthropicPage,
  limit: number,
): { found: readonly ServedModel[]; more: boolean } {
  if (before !== undefined) {
    const end = indexOf(models, before, 'before_id')
    const start = Math.max(0, end - limit)
    return { found: models.slice(start, end), more: start > 0 }
  }
  const start = after === undefined ? 0 : indexOf(models, after, 'after_id') + 1
  return { found: models.slice(start, start + limit), more: start + limit < models.length }
}

function indexOf(models: readonly ServedModel[], id: string, param: string): number {
  const index = models.findIndex((model) => model.id === id)
  if (index === -1) throw new GatewayError('invalid_request', `${param}: there is no model "${id}" here.`, { param })
  return index
}

function readLimit(text: string | undefined): number {
  if (text === undefined || text === '') return longestPage
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= longestPage) return limit
  throw new GatewayError('invalid_request', `limit: must be a whole number from 1 to ${longestPage}.`, {
    param: 'limit',
  })
}
