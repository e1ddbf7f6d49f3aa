import { methods, type CatalogEntry, type ProviderEdit } from '../../../gateway/contract.ts'
import { freeName, hostOf, isOwnServer } from './catalog.ts'
import { moreChanges, untouched, type MoreForm } from './more-form.ts'
import { asSentence } from './sentence.ts'

/** A provider that is being added; nothing of it is kept yet. */
export interface ProviderDraft {
  name: string
  /** Empty: the address of the catalogue. */
  baseUrl: string
}

export function startDraft(entry: CatalogEntry, taken: readonly string[]): ProviderDraft {
  return { name: freeName(entry.id, taken), baseUrl: '' }
}

/** What the address asks to be added. It only fills in the form. */
export interface ProviderLink {
  type: string
  /** undefined: the catalogue has no such type. */
  entry: CatalogEntry | undefined
  draft: ProviderDraft
  /** Somebody else chose what stands in the form. */
  isFilledIn: boolean
}

/**
 * `?add=groq&name=work` of our own, `?from=link&type=groq&name=work` of an llm-gateway:// link. A link never gets at a
 * provider that is there: a name that is taken becomes another one.
 */
export function readLink(
  search: URLSearchParams,
  entries: readonly CatalogEntry[],
  taken: readonly string[],
): ProviderLink | undefined {
  const [name, baseUrl] = [search.get('name') ?? '', search.get('baseUrl') ?? '']
  const asked = search.get('add') ?? (search.get('from') === 'link' ? (search.get('type') ?? '') : undefined)
  if (asked === undefined) return undefined
  const type = asked || linkedType({ name, baseUrl }, entries)
  const draft = { name: freeName(name || type, taken), baseUrl }
  return { type, entry: entries.find(({ id }) => id === type), draft, isFilledIn: name !== '' || baseUrl !== '' }
}

/** Of a link that names none: the vendor of that name, else any server at that address. */
function linkedType({ name, baseUrl }: ProviderDraft, entries: readonly CatalogEntry[]): string {
  if (baseUrl === '' || entries.some(({ id }) => id === name)) return name
  return entries.find(isOwnServer)?.id ?? name
}

/** Where keys and calls would go, when that is not where the catalogue says. */
export function foreignHost(draft: ProviderDraft, entry: CatalogEntry): string | undefined {
  const host = hostOf(draft.baseUrl.trim())
  return host === undefined || (entry.baseUrl !== null && host === hostOf(entry.baseUrl)) ? undefined : host
}

export function draftEdit(draft: ProviderDraft, entry: CatalogEntry, more: MoreForm = untouched): ProviderEdit {
  const baseUrl = draft.baseUrl.trim()
  return {
    name: draft.name.trim(),
    type: entry.id,
    ...(baseUrl === '' ? {} : { baseUrl }),
    ...moreChanges(untouched, more),
  }
}

export interface DraftProblems {
  name?: string
  baseUrl?: string
}

/** By the contract's own rules, plus what only the page knows. Empty: it can be tested and saved. */
export function draftProblems(draft: ProviderDraft, entry: CatalogEntry, taken: readonly string[]): DraftProblems {
  const problems: DraftProblems = {}
  const parsed = methods['providers.save'].input.safeParse(draftEdit(draft, entry))
  for (const issue of parsed.error?.issues ?? []) {
    const field = issue.path[0]
    if (field === 'name' || field === 'baseUrl') problems[field] ??= asSentence(issue.message)
  }
  if (entry.needsBaseUrl && draft.baseUrl.trim() === '') problems.baseUrl = 'Enter the address of the server.'
  if (draft.name.trim() === '') problems.name = 'Enter a name.'
  const isTaken = taken.some((name) => name.toLowerCase() === draft.name.trim().toLowerCase())
  if (isTaken) problems.name = 'There is a provider of this name already. Choose another name.'
  return problems
}
