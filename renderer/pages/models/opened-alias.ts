import type { Alias } from '../../../gateway/contract.ts'

export interface OpenedAlias {
  start: Pick<Alias, 'name' | 'targets'>
  was: string | undefined
  isFromLink: boolean
}

/**
 * What the address opens: `?alias=fast` that one, `?alias` a new one, `?from=link&name=..&provider=..&model=..` what an
 * llm-gateway:// link proposes. A link only fills in the form of a new one, also where the name is taken.
 */
export function openedAlias(
  search: URLSearchParams,
  aliases: readonly Alias[],
  providers: readonly string[],
): OpenedAlias | undefined {
  if (search.get('from') === 'link') {
    const [name, provider, model] = ['name', 'provider', 'model'].map((field) => search.get(field) ?? '')
    const targets = [{ provider: provider ?? '', model: model ?? '' }]
    return { start: { name: name ?? '', targets }, was: undefined, isFromLink: true }
  }
  const wanted = search.get('alias')
  if (wanted === null) return undefined
  if (wanted === '') {
    const [provider] = providers
    const targets = provider === undefined ? [] : [{ provider, model: '' }]
    return { start: { name: '', targets }, was: undefined, isFromLink: false }
  }
  const found = aliases.find(({ name }) => name === wanted)
  return found === undefined ? undefined : { start: found, was: found.name, isFromLink: false }
}
