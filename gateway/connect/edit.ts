import { isDeepStrictEqual } from 'node:util'

/** A key of a section, or the item of a list that has these members. */
export type Segment = string | ListItem
export interface ListItem {
  item: Readonly<Record<string, string>>
}
export type Path = readonly Segment[]

/** One value that the gateway owns in a file. `undefined` takes it out. */
export interface Edit {
  path: Path
  value: unknown
  /** The tool writes it, too, when the user chooses in its own window: that is no change of ours, and undoing ends it. */
  isChoice?: boolean
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Where the item stands in the list, or would be put. */
export function itemIndex(list: readonly unknown[], { item }: ListItem): number {
  const found = list.findIndex(
    (each) => isRecord(each) && Object.entries(item).every(([name, value]) => each[name] === value),
  )
  return found === -1 ? list.length : found
}

export function readValue(data: unknown, path: Path): unknown {
  return path.reduce(readSegment, data)
}

function readSegment(data: unknown, segment: Segment): unknown {
  if (typeof segment !== 'string') return Array.isArray(data) ? data[itemIndex(data, segment)] : undefined
  return isRecord(data) && Object.hasOwn(data, segment) ? data[segment] : undefined
}

/** How many segments of the path the data has. */
export function existingDepth(data: unknown, path: Path): number {
  const depth = path.findIndex((_, index) => readValue(data, path.slice(0, index + 1)) === undefined)
  return depth === -1 ? path.length : depth
}

/** A copy of the data with that value there; sections and lists on the way are made. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  const [segment, ...rest] = path
  if (segment === undefined) return value
  const inner = (old: unknown): unknown => (rest.length === 0 ? value : withValue(old, rest, value))
  if (typeof segment === 'string') {
    const record = isRecord(data) ? data : {}
    const next = inner(Object.hasOwn(record, segment) ? record[segment] : undefined)
    const others = Object.fromEntries(Object.entries(record).filter(([name]) => name !== segment))
    if (next === undefined) return others
    return Object.hasOwn(record, segment) ? replaced(record, segment, next) : { ...others, [segment]: next }
  }
  const list: unknown[] = Array.isArray(data) ? [...(data as unknown[])] : []
  const index = itemIndex(list, segment)
  const next = inner(list[index])
  list.splice(index, 1, ...(next === undefined ? [] : [next]))
  return list
}

function replaced(record: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([each, old]) => [each, each === name ? value : old]))
}

/** The path with list items as the indices they have in the data. */
export function indexedPath(data: unknown, path: Path): (string | number)[] {
  return path.map((segment, depth) => {
    if (typeof segment === 'string') return segment
    const list = readValue(data, path.slice(0, depth))
    return itemIndex(Array.isArray(list) ? list : [], segment)
  })
}

export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other)
}

/** `env.ANTHROPIC_BASE_URL`, for people. */
export function pathText(path: Path): string {
  return path
    .map((segment) => (typeof segment === 'string' ? segment : `[${Object.values(segment.item).join(' ')}]`))
    .join('.')
}
