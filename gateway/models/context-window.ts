import { openContextWindows } from './price-data.ts'
import { bareModelName } from './model-name.ts'

/** Tokens of prompt and answer together; undefined = not known. `priceId` as in the provider table. */
export type ContextWindows = (priceId: string | undefined, model: string) => number | undefined

/** Models go by the same names as in the price book: whole, without what stands before a slash, bare. */
export async function loadContextWindows(): Promise<ContextWindows> {
  const find = await openContextWindows()
  return (priceId, model) => {
    for (const name of [model, model.slice(model.lastIndexOf('/') + 1), bareModelName(model)]) {
      const found = find(priceId, name)
      if (found !== undefined) return found
    }
    return undefined
  }
}
