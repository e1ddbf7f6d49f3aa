/** Where in a configuration: keys and list indices, from the root. */
export type ConfigPath = readonly (string | number)[]

/** A problem that knows its path but not yet its line; `at` says which end of the pair to point at. */
export interface PathProblem {
  path: ConfigPath
  at: 'key' | 'value'
  message: string
}

/** `providers[0].timeout`, `rateLimit.perModel["gpt-4.1"]` */
export function formatPath(path: ConfigPath): string {
  return path.map(formatSegment).join('').replace(/^\./, '')
}

function formatSegment(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands at a path of plain data; undefined where it ends early. */
export function valueAt(value: unknown, path: ConfigPath): unknown {
  let current = value
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined
    current = (current as Record<string | number, unknown>)[segment]
  }
  return current
}

/** A copy with a value in place; undefined takes the key or list item out. */
export function withValueAt(data: unknown, path: ConfigPath, value: unknown): unknown {
  const [segment, ...rest] = path
  if (segment === undefined) return value
  if (typeof segment === 'number') {
    const items: unknown[] = Array.isArray(data) ? [...(data as unknown[])] : []
    if (value === undefined && rest.length === 0) return items.toSpliced(segment, 1)
    return items.toSpliced(Math.min(segment, items.length), 1, withValueAt(items[segment], rest, value))
  }
  const { [segment]: old, ...others } = isRecord(data) ? data : {}
  if (value === undefined && rest.length === 0) return others
  return { ...(isRecord(data) ? data : {}), [segment]: withValueAt(old, rest, value) }
}
