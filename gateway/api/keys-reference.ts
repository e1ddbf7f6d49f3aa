import { plainData, parseYaml } from '../config/yaml-source.ts'
import { isRecord, valueAt } from '../config/path.ts'
import type { ProviderRow } from '../providers/types.ts'

/** A provider as its entry stands in the text of the configuration: nothing filled in, references as references. */
export interface WrittenProvider {
  name: string
  index: number
  entry: Record<string, unknown>
  /** NAME where the key is `${NAME}`. */
  reference: string | undefined
}

/** The data of a configuration's text, with references as they stand. */
export function writtenData(text: string): unknown {
  return plainData(parseYaml(text))
}

export function writtenProviders(data: unknown): WrittenProvider[] {
  const list = valueAt(data, ['providers'])
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown, index) => {
    const name = valueAt(entry, ['name'])
    if (!isRecord(entry) || typeof name !== 'string') return []
    return [{ name, index, entry, reference: referenceName(entry['apiKey']) }]
  })
}

/** `${NAME}` and `${NAME:-default}` -> NAME; undefined for anything else. */
export function referenceName(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$\{([A-Za-z_]\w*)(?::-[\s\S]*)?\}$/.exec(value.trim())?.[1] : undefined
}

/**
 * The name by which a provider's key is referred to: the one it has; the one of its vendor's documentation; one made of
 * its own name where another provider has that already, because two accounts have two keys.
 */
export function keyName(provider: string, row: ProviderRow | undefined, all: readonly WrittenProvider[]): string {
  const own = all.find(({ name }) => name === provider)?.reference
  if (own !== undefined) return own
  const taken = new Set(all.flatMap(({ reference }) => reference ?? []))
  const base = row?.keyEnv ?? nameFrom(provider)
  if (!taken.has(base)) return base
  const made = nameFrom(provider)
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? made : `${made}_${count}`
    if (!taken.has(candidate)) return candidate
  }
}

/** `openai-work` -> `OPENAI_WORK_API_KEY` */
function nameFrom(provider: string): string {
  const letters = provider.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
  return `${/^\d/.test(letters) ? '_' : ''}${letters}_API_KEY`
}
