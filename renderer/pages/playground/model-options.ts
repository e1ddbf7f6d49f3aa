import type { Alias, Model } from '../../../gateway/contract.ts'
import { formatPrice } from '../../lib/format.ts'

/** Something that can be asked. */
export interface ModelOption {
  /** What is sent as `model`. */
  value: string
  group: 'Aliases' | 'Models'
  /** Second, quieter: where it leads, or what it costs. */
  note: string
}

export function modelOptions(aliases: readonly Alias[], models: readonly Model[]): ModelOption[] {
  return [
    ...aliases.map(({ name, targets }): ModelOption => {
      const [first, ...others] = targets
      const more = others.length === 0 ? '' : ` and ${others.length} more`
      return {
        value: name,
        group: 'Aliases',
        note: first === undefined ? '' : `${first.provider}/${first.model}${more}`,
      }
    }),
    ...models.map((model): ModelOption => ({
      value: `${model.provider}/${model.id}`,
      group: 'Models',
      note: priceNote(model),
    })),
  ]
}

function priceNote({ price }: Model): string {
  if (price === null || (price.input === null && price.output === null)) return 'price not known'
  const of = (usd: number | null) => (usd === null ? '?' : formatPrice(usd))
  return `${of(price.input)} in, ${of(price.output)} out per 1M`
}

/** More than this nobody reads; typing another letter finds the rest. */
const mostShown = 60

/** Those that have every word of the query; what begins with it comes first, else the order stays. */
export function findModels(options: readonly ModelOption[], query: string): ModelOption[] {
  const wanted = query.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const found = options.filter(({ value, note }) => {
    const text = `${value} ${note}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const begins = ({ value }: ModelOption) => wanted !== '' && value.toLowerCase().startsWith(wanted)
  return [...found.filter(begins), ...found.filter((option) => !begins(option))].slice(0, mostShown)
}
