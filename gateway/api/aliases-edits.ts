import { escapeReferences } from '../config/interpolate.ts'
import { isRecord, valueAt, type ConfigPath } from '../config/path.ts'
import type { ConfigEdit } from '../config/save.ts'
import type { AliasTarget, MethodInput } from '../contract.ts'

const mappings: ConfigPath = ['routing', 'modelMappings']

/** Pure: what to change in the text of a configuration, whose data is `written`. */
export function saveAliasEdits({ name, was, targets }: MethodInput<'aliases.save'>, written: unknown): ConfigEdit[] {
  const value = writtenTargets(targets)
  if (was === undefined || was === name) return [{ path: [...mappings, name], value }]
  return renameEdits({ name, was, value }, written)
}

/**
 * A key cannot be renamed in place, so it goes to the end and what stood behind it follows, one after the other:
 * comments of all that stands before it stay, and the order stays for all.
 */
function renameEdits(
  { name, was, value }: { name: string; was: string; value: unknown },
  written: unknown,
): ConfigEdit[] {
  const present = valueAt(written, mappings)
  const entries = isRecord(present) ? Object.entries(present) : []
  const behind = entries.slice(entries.findIndex(([alias]) => alias === was) + 1)
  return [
    { path: [...mappings, name], value },
    { path: [...mappings, was], value: undefined },
    ...behind.flatMap(([alias, target]): ConfigEdit[] => [
      { path: [...mappings, alias], value: undefined },
      { path: [...mappings, alias], value: target },
    ]),
  ]
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
