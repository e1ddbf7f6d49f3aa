import { escapeReferences } from '../config/interpolate.ts'
import { outlineOf } from '../config/outline.ts'
import { isRecord, valueAt, withValueAt } from '../config/path.ts'
import type { ConfigEdit } from '../config/save.ts'
import { formatDuration } from '../config/units.ts'
import type { ProviderEdit } from '../contract.ts'
import { findRow } from '../providers/provider.ts'
import { needsKey } from './catalog.ts'
import { keyName, writtenProviders } from './keys-reference.ts'

/** Pure: what to change in the text of a configuration, whose data is `written`. */

/**
 * Members of an entry as they stand in the file; undefined takes one out, an absent member stays as it is. Without those
 * that have members of their own: `writtenMaps`.
 */
export function writtenMembers(edit: ProviderEdit, text = escapeReferences): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  const put = <T>(key: string, value: T | null | undefined, write: (value: T) => unknown): void => {
    if (value !== undefined) members[key] = value === null ? undefined : write(value)
  }
  const asItIs = (value: unknown): unknown => value
  put('type', edit.type, text)
  put('baseUrl', edit.baseUrl, text)
  put('dialects', edit.dialects, asItIs)
  put('apiVersion', edit.apiVersion, text)
  put('models', edit.models, (models) => models.map(text))
  put('priority', edit.priority, asItIs)
  put('timeout', edit.timeoutMs, formatDuration)
  put('connectTimeout', edit.connectTimeoutMs, formatDuration)
  put('ttftTimeout', edit.firstTokenTimeoutMs, formatDuration)
  put('idleTimeout', edit.idleTimeoutMs, formatDuration)
  put('maxRetries', edit.maxRetries, asItIs)
  return members
}

const mapKeys = ['deployments', 'headers', 'modelMap'] as const

/** The members with members of their own, changed one by one: a value that is not named keeps its spelling. */
export function writtenMaps(edit: ProviderEdit, entry: object, text = escapeReferences): MapEdit[] {
  const edits = mapKeys.flatMap((key) => {
    const old = valueAt(entry, [key])
    const present = isRecord(old) ? Object.keys(old) : []
    return Object.entries(edit[key] ?? {}).map(([name, value]) => {
      const isHeader = key === 'headers'
      // Of a header the case means nothing: written twice, it would be sent twice or not as wanted.
      const spelled = isHeader ? present.find((each) => each.toLowerCase() === name.toLowerCase()) : undefined
      // A header's value is often a reference, a model's name never is.
      return { key, name: spelled ?? name, value: value === null ? undefined : isHeader ? value : text(value) }
    })
  })
  // What is taken out last: a map that is empty for a moment would go, and its comments with it.
  return edits.toSorted((one, other) => Number(one.value === undefined) - Number(other.value === undefined))
}

export interface MapEdit {
  key: (typeof mapKeys)[number]
  name: string
  value: string | undefined
}

/** An entry with these changes made; a map that was emptied goes. */
export function withMaps(entry: Record<string, unknown>, edits: readonly MapEdit[]): Record<string, unknown> {
  const changed = edits.reduce<unknown>((all, { key, name, value }) => withValueAt(all, [key, name], value), entry)
  return Object.fromEntries(Object.entries(changed as object).filter(([, value]) => !isEmptyMap(value)))
}

function isEmptyMap(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}

export function saveEdits(edit: ProviderEdit, written: unknown): ConfigEdit[] {
  const all = writtenProviders(written)
  const known = all.find(({ name }) => name === edit.name)
  const members = writtenMembers(edit)
  if (known !== undefined) {
    const at = ['providers', known.index]
    // A type that only repeats what the name says is not written.
    const isKept = (key: string, value: unknown) => key !== 'type' || value !== known.name || 'type' in known.entry
    return [
      ...Object.entries(members).flatMap(([key, value]) => (isKept(key, value) ? [{ path: [...at, key], value }] : [])),
      ...writtenMaps(edit, known.entry).map(({ key, name, value }) => ({ path: [...at, key, name], value })),
    ]
  }
  const row = findRow(edit.type ?? edit.name)
  const isKeyed = row !== undefined && (needsKey(row) || edit.refersToKey === true)
  const entry = {
    name: edit.name,
    ...(edit.type === edit.name ? { ...members, type: undefined } : members),
    ...(isKeyed ? { apiKey: `\${${keyName(edit.name, row, all)}}` } : {}),
  }
  const list = valueAt(written, ['providers'])
  const index = Array.isArray(list) ? list.length : 0
  const whole = withMaps(entry, writtenMaps(edit, {}))
  const present = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined))
  return index === 0 ? [{ path: ['providers'], value: [present] }] : [{ path: ['providers', index], value: present }]
}

/** The entry, and whatever leads to it: left alone, those would make the whole configuration invalid. */
export function removeEdits(name: string, index: number, written: unknown): ConfigEdit[] {
  const outline = outlineOf(written)
  const aliases = outline.aliases.flatMap(({ path, targets }): ConfigEdit[] => {
    const gone = targets.filter(({ provider }) => provider === name)
    if (gone.length === 0) return []
    if (gone.length === targets.length) return [{ path, value: undefined }]
    return removals(gone)
  })
  const links = outline.fallbackChain.flatMap((link, position) =>
    link === name ? [{ path: ['routing', 'fallbackChain', position] }] : [],
  )
  const isDefault = outline.defaultProvider === name
  return [
    ...aliases,
    ...removals(links),
    ...(isDefault ? [{ path: ['routing', 'defaultProvider'], value: undefined }] : []),
    { path: ['providers', index], value: undefined },
  ]
}

/** From the end, because edits are made one after the other and each moves what follows it. */
function removals(items: readonly Pick<ConfigEdit, 'path'>[]): ConfigEdit[] {
  return items.toReversed().map(({ path }) => ({ path, value: undefined }))
}

const greatestPriority = 1000

/** 10, 20, ... in the wanted order; providers that are not named follow in the order they have. Only what differs. */
export function orderEdits(
  names: readonly string[],
  present: readonly OrderedProvider[],
  written: unknown,
): ConfigEdit[] {
  const before = present.toSorted((one, other) => one.priority - other.priority || one.order - other.order)
  const wanted = [
    ...names.flatMap((name) => before.find((each) => each.name === name) ?? []),
    ...before.filter(({ name }) => !names.includes(name)),
  ]
  if (wanted.every((each, position) => each === before[position])) return []
  const step = Math.max(1, Math.min(10, Math.floor(greatestPriority / wanted.length)))
  const indices = new Map(writtenProviders(written).map(({ name, index }) => [name, index]))
  return wanted.flatMap(({ name, priority }, position) => {
    const index = indices.get(name)
    const value = (position + 1) * step
    return index === undefined || priority === value ? [] : [{ path: ['providers', index, 'priority'], value }]
  })
}

export interface OrderedProvider {
  name: string
  priority: number
  order: number
}
