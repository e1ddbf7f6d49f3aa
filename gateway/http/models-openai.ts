import { factsOf, type ServedModel } from '../api/models.ts'
import type { ContextOf } from './models-context.ts'

/**
 * `data[]` of OpenAI's list, with the members under which Anthropic's clients look for the same, and the limits in the
 * words of compatible servers (Groq). Nobody tells the gateway when a model was made: 0 stands for unknown.
 */
export function openaiModel(model: ServedModel, contextOf: ContextOf): object {
  const contextWindow = contextOf(model)
  const { maxOutputTokens } = factsOf(model)
  return {
    id: model.id,
    object: 'model',
    type: 'model',
    created: 0,
    created_at: epoch,
    owned_by: model.owner,
    display_name: model.id,
    ...(contextWindow === undefined ? {} : { context_window: contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
  }
}

/** "May be set to an epoch value if the release date is unknown" (Anthropic, Models API). */
export const epoch = '1970-01-01T00:00:00Z'
