import { factsOf, type ServedModel } from '../api/models.ts'
import { GatewayError } from '../errors.ts'
import type { ContextOf } from './models-context.ts'

export interface GeminiPage {
  pageSize?: string
  pageToken?: string
}

/** Google's own page is 50 long; pickers that read one page only should see everything, so ours is as long as may be. */
const longestPage = 1000

export function geminiModel(model: ServedModel, contextOf: ContextOf): object {
  const { maxOutputTokens, thinking } = factsOf(model)
  const contextWindow = contextOf(model)
  return {
    name: `models/${model.id}`,
    baseModelId: model.id,
    version: '001',
    displayName: model.id,
    description: `Served by ${model.owner}.`,
    ...(contextWindow === undefined ? {} : { inputTokenLimit: contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { outputTokenLimit: maxOutputTokens }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    ...(thinking === undefined ? {} : { thinking: thinking !== 'none' }),
  }
}

/** A page token is the number of models that came before. */
export function geminiList(models: readonly ServedModel[], page: GeminiPage, contextOf: ContextOf): object {
  const size = readSize(page.pageSize)
  const start = readStart(page.pageToken, models.length)
  const end = start + size
  return {
    models: models.slice(start, end).map((model) => geminiModel(model, contextOf)),
    ...(end < models.length ? { nextPageToken: String(end) } : {}),
  }
}

/** Google cuts sizes that are too large down and refuses negative ones. */
function readSize(text: string | undefined): number {
  if (text === undefined || text === '' || text === '0') return longestPage
  const size = Number(text)
  if (!Number.isInteger(size) || size < 0) throw wrong('pageSize', 'must be a whole number above 0')
  return Math.min(size, longestPage)
}

function readStart(text: string | undefined, count: number): number {
  if (text === undefined || text === '') return 0
  const start = Number(text)
  if (Number.isInteger(start) && start >= 0 && start <= count) return start
  throw wrong('pageToken', 'is not one that this list gave out')
}

function wrong(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `${param} ${what}.`, { param })
}
