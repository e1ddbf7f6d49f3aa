import { chatDialects } from './schema.ts'
import type { AliasOutline, Outline, ProviderOutline, TargetOutline } from './outline.ts'
import { outlineOf } from './outline.ts'
import type { ConfigPath, PathProblem } from './path.ts'
import { formatPath } from './path.ts'
import { didYouMean, nearest } from './spelling.ts'

/** What the checks must know of a row of the provider table; a ProviderRow is one. The table itself lies in a room above. */
export interface KnownProvider {
  id: string
  aliases?: readonly string[]
  endpoints: readonly { baseUrl?: string; dialect?: string }[]
  /** Environment variable its own documentation uses for the key. */
  keyEnv?: string
}

export interface ReferenceFindings {
  problems: PathProblem[]
  notices: string[]
}

/**
 * Checks what no schema can: that names are unique and lead somewhere. `input` is the file's data, good or not.
 * Without the provider table, checks that need it are left out.
 */
export function checkReferences(input: unknown, table: readonly KnownProvider[] = []): ReferenceFindings {
  const outline = outlineOf(input)
  return {
    problems: [
      ...duplicates('provider', outline.providers),
      ...duplicates('key', outline.clientKeys),
      ...outline.providers.flatMap((provider) => addressProblems(provider, table)),
      ...outline.providers.flatMap((provider) => dialectProblems(provider, table)),
      ...outline.aliases.flatMap((alias) => [...weightProblems(alias), ...selfProblems(alias, outline)]),
      ...unknownNames(outline, table),
      ...degradeProblems(outline),
      ...hedgeProblems(outline),
    ],
    notices: [
      ...noProviders(outline),
      ...skippedFallbacks(outline, table),
      ...unlistedModels(outline),
      ...idleBudgets(outline),
      ...strayGuards(outline),
      ...idleHedges(outline),
      ...idleSemanticCache(outline),
    ],
  }
}

function problem(path: ConfigPath, message: string): PathProblem {
  return { path, at: 'value', message }
}

function duplicates(what: string, items: { name: string | undefined; path: ConfigPath }[]): PathProblem[] {
  return items.flatMap(({ name, path }, index) => {
    const first = items.findIndex((item) => item.name === name)
    if (name === undefined || first === index) return []
    const firstPath = formatPath(items[first]?.path ?? [])
    return [problem([...path, 'name'], `the ${what} name "${name}" is already taken by ${firstPath}`)]
  })
}

function addressProblems(
  { path, name, type, baseUrl }: ProviderOutline,
  table: readonly KnownProvider[],
): PathProblem[] {
  const id = type ?? name
  if (table.length === 0 || id === undefined) return []
  const row = table.find((candidate) => namesOf(candidate).includes(id))
  const ids = table.flatMap(namesOf)
  if (row === undefined && type !== undefined) {
    return [
      problem(
        [...path, 'type'],
        `unknown provider type "${type}"${didYouMean(type, ids) || `; known: ${ids.join(', ')}`}`,
      ),
    ]
  }
  if (baseUrl !== undefined || row?.endpoints.some((endpoint) => endpoint.baseUrl !== undefined)) return []
  if (row !== undefined) return [problem(path, `${id} has no fixed address: set baseUrl`)]
  return [problem([...path, 'name'], `"${id}" is no known provider${didYouMean(id, ids) || ': set type or baseUrl'}`)]
}

/** A provider can only be told to speak what its type is known to speak somewhere. */
function dialectProblems(provider: ProviderOutline, table: readonly KnownProvider[]): PathProblem[] {
  const { path, name, type, baseUrl, dialects = [] } = provider
  const find = (id: string | undefined): KnownProvider | undefined =>
    table.find((row) => id !== undefined && namesOf(row).includes(id.toLowerCase()))
  const row =
    find(type ?? name) ?? (type === undefined && baseUrl !== undefined ? find('openai-compatible') : undefined)
  const known = row?.endpoints.flatMap(({ dialect }) => dialect ?? []) ?? []
  if (row === undefined || known.length === 0) return []
  return dialects.flatMap((dialect, index) => {
    // What is no dialect at all, or none that chat is spoken in, is the schema's to say.
    if (known.includes(dialect) || !chatDialects.some((each) => each === dialect)) return []
    const possible = chatDialects.filter((each) => known.includes(each)).join(', ')
    return [problem([...path, 'dialects', index], `${row.id} is not known to speak ${dialect}; write ${possible}`)]
  })
}

function namesOf({ id, aliases = [] }: KnownProvider): string[] {
  return [id, ...aliases]
}

function weightProblems({ targets }: AliasOutline): PathProblem[] {
  const without = targets.filter(({ weight }) => weight === undefined)
  if (without.length === targets.length) return []
  return without.map(({ path }) => problem(path, 'give every target of an alias a weight, or none'))
}

/** An alias may carry the name of the model it leads to (that pins the provider), if the provider serves it at all. */
function selfProblems({ alias, targets }: AliasOutline, outline: Outline): PathProblem[] {
  return targets
    .filter((target) => target.model === alias && isUnlisted(target, outline))
    .map(({ path, provider }) =>
      problem([...path, 'model'], `"${alias}" maps to itself: the models of ${provider} have no "${alias}"`),
    )
}

function unknownNames(outline: Outline, table: readonly KnownProvider[]): PathProblem[] {
  const names = providerNames(outline)
  // Nothing to choose from: only the demo provider runs, and one notice says so.
  if (names.length === 0) return []
  const mustExist = [...pointers(outline), ...embeddingPointer(outline)].filter(({ name }) => !names.includes(name))
  const chain = chainPointers(outline).filter(({ name }) => isMistake(name, names, table))
  return [...mustExist, ...chain].map(({ path, name }) =>
    problem(path, `no provider is named "${name}"${didYouMean(name, names) || `; there is ${names.join(', ')}`}`),
  )
}

interface Pointer {
  path: ConfigPath
  name: string
}

/** Names that lead nowhere when there is no such provider. */
function pointers({ defaultProvider, aliases }: Outline): Pointer[] {
  const start = defaultProvider === undefined ? [] : [{ path: ['routing', 'defaultProvider'], name: defaultProvider }]
  const targets = aliases.flatMap((alias) => alias.targets)
  return [
    ...start,
    ...targets.flatMap(({ path, provider }) =>
      provider === undefined ? [] : [{ path: [...path, 'provider'], name: provider }],
    ),
  ]
}

function embeddingPointer({ semantic }: Outline): Pointer[] {
  if (semantic?.provider === undefined) return []
  return [{ path: ['cache', 'semantic', 'embedding', 'provider'], name: semantic.provider }]
}

function chainPointers({ fallbackChain }: Outline): Pointer[] {
  return fallbackChain.flatMap((name, index) =>
    name === undefined ? [] : [{ path: ['routing', 'fallbackChain', index], name }],
  )
}

/** A chain is a list of preferences: a provider that could be there and is not is skipped; a misspelt one is a fault. */
function isMistake(name: string, names: string[], table: readonly KnownProvider[]): boolean {
  if (names.includes(name)) return false
  const isInTable = table.some(({ id }) => id === name)
  return nearest(name, names) !== undefined ? !isInTable : table.length > 0 && !isInTable
}

function skippedFallbacks(outline: Outline, table: readonly KnownProvider[]): string[] {
  const names = providerNames(outline)
  return chainPointers(outline)
    .filter(({ name }) => names.length > 0 && !names.includes(name) && !isMistake(name, names, table))
    .map(({ path, name }) => `${formatPath(path)}: no provider "${name}" is configured; the chain skips it`)
}

function noProviders(outline: Outline): string[] {
  const isNamed = [...pointers(outline), ...chainPointers(outline)].length > 0
  if (providerNames(outline).length > 0 || !isNamed) return []
  return ['routing names providers but none is configured: add them under providers']
}

function degradeProblems({ aliases, budgets: { degrade } }: Outline): PathProblem[] {
  const names = aliases.map(({ alias }) => alias)
  if (degrade === undefined || names.includes(degrade)) return []
  const advice = didYouMean(degrade, names) || ': add it to routing.modelMappings'
  return [problem(['budgets', 'action', 'degrade'], `no alias is named "${degrade}"${advice}`)]
}

function hedgeProblems({ aliases, hedgeAliases }: Outline): PathProblem[] {
  const names = aliases.map(({ alias }) => alias)
  return hedgeAliases.flatMap((name, index) => {
    if (name === undefined || names.includes(name)) return []
    const advice = didYouMean(name, names) || ': add it to routing.modelMappings'
    return [problem(['routing', 'hedge', 'aliases', index], `no alias is named "${name}"${advice}`)]
  })
}

/** An alias with one target may still have the fallback chain behind it; without one there is nobody to ask beside. */
function idleHedges({ aliases, fallbackChain, hedgeAliases }: Outline): string[] {
  if (fallbackChain.length > 0) return []
  return hedgeAliases.flatMap((name, index) => {
    if (aliases.find(({ alias }) => alias === name)?.targets.length !== 1) return []
    const where = formatPath(['routing', 'hedge', 'aliases', index])
    return [`${where}: "${name}" has one target, so there is none to ask beside it`]
  })
}

function idleSemanticCache({ semantic }: Outline): string[] {
  if (semantic === undefined || semantic.isEnabled) return []
  return ['cache.semantic does nothing while the cache is off: set cache.enabled to true']
}

/** Keys and providers come and go; a budget that waits for one is no fault, but it may be misspelt. */
function idleBudgets(outline: Outline): string[] {
  const { budgets, clientKeys } = outline
  const providers = providerNames(outline)
  const keys = ['anonymous', ...clientKeys.flatMap(({ name }) => name ?? [])]
  const idle = (names: string[], known: string[], what: string): string[] =>
    names
      .filter((name) => !known.includes(name))
      .map(
        (name) =>
          `${formatPath(['budgets', what === 'key' ? 'perKey' : 'perProvider', name])}: there is no ${what} "${name}"${didYouMean(name, known)}; the budget counts nothing`,
      )
  return [
    ...(providers.length === 0 ? [] : idle(budgets.providers, providers, 'provider')),
    ...idle(budgets.keys, keys, 'key'),
  ]
}

/** It may be a model's name; but a slip in an alias would leave it without its guard. */
function strayGuards({ guarded, aliases }: Outline): string[] {
  const names = aliases.map(({ alias }) => alias)
  return guarded.flatMap(({ pattern, path }) => {
    const isAlias = names.some((name) => matches(pattern, name))
    const advice = isAlias || pattern.includes('*') ? '' : didYouMean(pattern, names)
    return advice === '' ? [] : [`${formatPath(path)}: no alias is named "${pattern}"${advice} It is taken for a model`]
  })
}

function unlistedModels(outline: Outline): string[] {
  const targets = outline.aliases.flatMap((alias) => alias.targets)
  return targets
    .filter((target) => isUnlisted(target, outline))
    .map(({ path, provider, model }) => `${formatPath(path)}: "${model}" is not among the models of ${provider}`)
}

function isUnlisted({ provider, model }: TargetOutline, { providers }: Outline): boolean {
  const models = providers.find(({ name }) => name === provider)?.models
  return model !== undefined && models !== undefined && !models.some((pattern) => matches(pattern, model))
}

function matches(pattern: string, model: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
  return new RegExp(`^${source.join('.*')}$`, 's').test(model)
}

function providerNames({ providers }: Outline): string[] {
  return [...new Set(providers.flatMap(({ name }) => (name === undefined ? [] : [name])))]
}
