import { isRecord, valueAt } from '../config/path.ts'
import type { ConfigEdit } from '../config/save.ts'

interface WrittenKey {
  index: number
  name: unknown
  hash: unknown
}

/** `auth.keys` as it stands in the configuration. */
function writtenKeys(data: unknown): WrittenKey[] {
  const list = valueAt(data, ['auth', 'keys'])
  if (!Array.isArray(list)) return []
  return list.map((entry: unknown, index) => {
    const { name, hash } = isRecord(entry) ? entry : {}
    return { index, name, hash }
  })
}

/** A name that is a tool's own, `codex` or `codex-2`: what is under it belongs to the tool. */
export function toolOfKeyName<Tool extends { id: string }>(name: string, tools: readonly Tool[]): Tool | undefined {
  return tools.find(({ id }) => name === id || (name.startsWith(`${id}-`) && /^\d+$/.test(name.slice(id.length + 1))))
}

/** The name under which the tool's key is or can be: one that the user wrote out belongs to the user. */
export function toolKeyName(data: unknown, tool: string): string {
  const all = writtenKeys(data)
  const isFree = (name: string): boolean => all.every((key) => key.name !== name || key.hash !== undefined)
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? tool : `${tool}-${count}`
    if (isFree(name)) return name
  }
}

/** Gives the name that key, and leaves what else is said of it (models, limits). Undefined takes it out. */
export function toolKeyEdits(data: unknown, name: string, hash: string | undefined): ConfigEdit[] {
  const all = writtenKeys(data)
  const own = all.find((key) => key.name === name && key.hash !== undefined)
  if (hash === undefined) return own === undefined ? [] : [{ path: ['auth', 'keys', own.index], value: undefined }]
  if (own?.hash === hash) return []
  if (own !== undefined) return [{ path: ['auth', 'keys', own.index, 'hash'], value: hash }]
  return [{ path: ['auth', 'keys', all.length], value: { name, hash } }]
}

/** The hash under that name; undefined: there is no such key. */
export function toolKeyHash(data: unknown, name: string): string | undefined {
  const hash = writtenKeys(data).find((key) => key.name === name)?.hash
  return typeof hash === 'string' ? hash : undefined
}
