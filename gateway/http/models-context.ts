import { factsOf, type ServedModel } from '../api/models.ts'
import { loadContextWindows } from '../models/context-window.ts'

/** Tokens of prompt and answer together; undefined = not known. */
export type ContextOf = (model: ServedModel) => number | undefined

export async function loadContextOf(): Promise<ContextOf> {
  const contextWindow = await loadContextWindows()
  return (model) =>
    factsOf(model).contextTokens ?? contextWindow(model.target?.provider.row.priceId, model.target?.model ?? model.id)
}
