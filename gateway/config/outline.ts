import type { ConfigPath } from './path.ts'
import { isRecord, valueAt } from './path.ts'

/** The names in a configuration and what points to them, each with its path. */
export interface Outline {
  providers: ProviderOutline[]
  defaultProvider: string | undefined
  aliases: AliasOutline[]
  /** Provider names; undefined where the entry is something else. */
  fallbackChain: (string | undefined)[]
  /** Of `routing.hedge`. */
  hedgeAliases: (string | undefined)[]
  clientKeys: { name: string | undefined; path: ConfigPath }[]
  semantic: SemanticOutline | undefined
  budgets: BudgetsOutline
  /** Aliases or models that guards are for; patterns, too. */
  guarded: { pattern: string; path: ConfigPath }[]
}

export interface ProviderOutline {
  path: ConfigPath
  name: string | undefined
  type: string | undefined
  baseUrl: string | undefined
  models: string[] | undefined
  dialects: string[] | undefined
}

export interface AliasOutline {
  alias: string
  path: ConfigPath
  targets: TargetOutline[]
}

/** `cache.semantic`, where there is one. */
export interface SemanticOutline {
  provider: string | undefined
  /** `cache.enabled` */
  isEnabled: boolean
}

/** Names that budgets are for. */
export interface BudgetsOutline {
  providers: string[]
  keys: string[]
  /** Of `action`. */
  degrade: string | undefined
}

export interface TargetOutline {
  path: ConfigPath
  provider: string | undefined
  model: string | undefined
  weight: number | undefined
}

/** Reads loosely: a file with other faults still has an outline, so that all its faults can be told at once. */
export function outlineOf(input: unknown): Outline {
  return {
    providers: listAt(input, ['providers']).map(providerOutline),
    defaultProvider: textAt(input, ['routing', 'defaultProvider']),
    aliases: Object.entries(recordAt(input, ['routing', 'modelMappings'])).map(aliasOutline),
    fallbackChain: listAt(input, ['routing', 'fallbackChain']).map((entry) =>
      typeof entry === 'string' ? entry : textAt(entry, ['provider']),
    ),
    hedgeAliases: listAt(input, ['routing', 'hedge', 'aliases']).map((alias) =>
      typeof alias === 'string' ? alias : undefined,
    ),
    clientKeys: listAt(input, ['auth', 'keys']).map((key, index) => ({
      name: textAt(key, ['name']),
      path: ['auth', 'keys', index],
    })),
    semantic: semanticOutline(input),
    budgets: {
      providers: Object.keys(recordAt(input, ['budgets', 'perProvider'])),
      keys: Object.keys(recordAt(input, ['budgets', 'perKey'])),
      degrade: textAt(input, ['budgets', 'action', 'degrade']),
    },
    guarded: listAt(input, ['guards']).flatMap(guardedOutline),
  }
}

function guardedOutline(guard: unknown, index: number): Outline['guarded'] {
  return listAt(guard, ['aliases']).flatMap((pattern, at) =>
    typeof pattern === 'string' ? [{ pattern, path: ['guards', index, 'aliases', at] }] : [],
  )
}

function providerOutline(provider: unknown, index: number): ProviderOutline {
  return {
    path: ['providers', index],
    name: textAt(provider, ['name']),
    type: textAt(provider, ['type']),
    baseUrl: textAt(provider, ['baseUrl']),
    models: textsAt(provider, ['models']),
    dialects: textsAt(provider, ['dialects']),
  }
}

function semanticOutline(input: unknown): SemanticOutline | undefined {
  if (!isRecord(valueAt(input, ['cache', 'semantic']))) return undefined
  return {
    provider: textAt(input, ['cache', 'semantic', 'embedding', 'provider']),
    isEnabled: valueAt(input, ['cache', 'enabled']) === true,
  }
}

function aliasOutline([alias, value]: [string, unknown]): AliasOutline {
  const path = ['routing', 'modelMappings', alias]
  if (!Array.isArray(value)) return { alias, path, targets: [targetOutline(value, path)] }
  return { alias, path, targets: value.map((target: unknown, index) => targetOutline(target, [...path, index])) }
}

function targetOutline(target: unknown, path: ConfigPath): TargetOutline {
  const weight = valueAt(target, ['weight'])
  return {
    path,
    provider: textAt(target, ['provider']),
    model: textAt(target, ['model']),
    weight: typeof weight === 'number' ? weight : undefined,
  }
}

function listAt(input: unknown, path: ConfigPath): unknown[] {
  const value = valueAt(input, path)
  return Array.isArray(value) ? value : []
}

/** undefined where there is no list; what is no text in it is left out. */
function textsAt(input: unknown, path: ConfigPath): string[] | undefined {
  const value = valueAt(input, path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}

function recordAt(input: unknown, path: ConfigPath): Record<string, unknown> {
  const value = valueAt(input, path)
  return isRecord(value) ? value : {}
}

function textAt(input: unknown, path: ConfigPath): string | undefined {
  const value = valueAt(input, path)
  return typeof value === 'string' ? value : undefined
}
