import { bareModelName } from './model-name.ts'
import type { FindModel } from './price-table.ts'

/** Tokens of prompt and answer together; undefined = not known. `priceId` as in the provider table. */
export type ContextWindows = (priceId: string | undefined, model: string) => number | undefined

/** Models go by the same names as in the price book: whole, without what stands before a slash, bare. */
export function contextWindows(find: FindModel): ContextWindows {
  return (priceId, model) => {
    for (const name of [model, model.slice(model.lastIndexOf('/') + 1), bareModelName(model)]) {
      const found = find(priceId, name)?.context_window
      if (found !== undefined) return found
    }
    return undefined
  }
}
