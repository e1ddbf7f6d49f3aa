import type { CatalogEntry } from '../../../gateway/contract.ts'

export interface CatalogGroup {
  title: string
  entries: CatalogEntry[]
}

/** The catalogue as it is shown: vendors, programs on this machine, any address; only what the search fits. */
export function groupCatalog(entries: readonly CatalogEntry[], search: string): CatalogGroup[] {
  const words = search.trim().toLowerCase().split(/\s+/)
  const fitting = entries.filter((entry) => {
    const text = `${entry.title} ${entry.id} ${entry.baseUrl ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const groups = [
    { title: 'Providers', entries: fitting.filter((entry) => !entry.isLocal && !isOwnServer(entry)) },
    { title: 'On this machine', entries: fitting.filter((entry) => entry.isLocal) },
    { title: 'Any other server', entries: fitting.filter((entry) => !entry.isLocal && isOwnServer(entry)) },
  ]
  return groups.filter((group) => group.entries.length > 0)
}

/** No vendor: the address is all that is known of it. */
export function isOwnServer(entry: CatalogEntry): boolean {
  return entry.needsBaseUrl && entry.keyPage === null
}

/** `api.openai.com`; what one has to give where there is no address. */
export function placeOf({ baseUrl, needsBaseUrl }: Pick<CatalogEntry, 'baseUrl' | 'needsBaseUrl'>): string {
  if (needsBaseUrl || baseUrl === null) return 'At your own address'
  return hostOf(baseUrl) ?? 'In this program'
}

export function hostOf(url: string): string | undefined {
  const host = URL.canParse(url) && /^https?:/.test(url) ? new URL(url).host : ''
  return host === '' ? undefined : host
}

/** `openai`, or `openai-2` where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()))
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`
    if (!used.has(name.toLowerCase())) return name
  }
}
