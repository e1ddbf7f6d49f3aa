import type { Alias, Model } from '../../../gateway/contract.ts'
import type { Suggestion } from '../../lib/suggestions.ts'
import { priceWords } from './price-words.ts'

/** Every name a call may have: aliases first, then models, each once. */
export function nameSuggestions(aliases: readonly Alias[], models: readonly Model[]): Suggestion[] {
  const named = aliases.map(({ name }) => ({ value: name, note: 'alias' }))
  const listed = models.map(({ id, price }) => ({ value: id, note: priceWords(price) }))
  const seen = new Set<string>()
  return [...named, ...listed].filter(({ value }) => !seen.has(value) && seen.add(value))
}
