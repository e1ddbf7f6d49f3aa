import { escapeReferences } from '../config/interpolate.ts'
import type { ConfigPath } from '../config/path.ts'
import type { ConfigEdit } from '../config/save.ts'
import type { AliasTarget, MethodInput } from '../contract.ts'

const mappings: ConfigPath = ['routing', 'modelMappings']

/** Pure: what to change in the text of a configuration. */
export function saveAliasEdits({ name, was, targets }: MethodInput<'aliases.save'>): ConfigEdit[] {
  const value = writtenTargets(targets)
  if (was === undefined || was === name) return [{ path: [...mappings, name], value }]
  return [{ path: [...mappings, was], rename: name, value }]
}

/** One target stands alone, several are a list. */
function writtenTargets(targets: readonly AliasTarget[]): unknown {
  const entries = targets.map(({ provider, model, weight }) => ({
    provider,
    model: escapeReferences(model),
    ...(weight === undefined ? {} : { weight }),
  }))
  return entries.length === 1 ? entries[0] : entries
}

export function removeAliasEdits(name: string): ConfigEdit[] {
  return [{ path: [...mappings, name], value: undefined }]
}

export function fallbackEdits({ chain, defaultProvider }: MethodInput<'aliases.fallback'>): ConfigEdit[] {
  const links = chain.map(({ provider, models = {} }) =>
    Object.keys(models).length === 0 ? provider : { provider, models: escapedModels(models) },
  )
  return [
    { path: ['routing', 'fallbackChain'], value: links.length === 0 ? undefined : links },
    { path: ['routing', 'defaultProvider'], value: defaultProvider ?? undefined },
  ]
}

/** Keys are not interpolated, values are. */
function escapedModels(models: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(models).map(([model, standIn]) => [model, escapeReferences(standIn)]))
}
