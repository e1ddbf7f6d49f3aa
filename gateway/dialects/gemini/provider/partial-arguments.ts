import { asArray, asBoolean, asNumber, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'

type Segment = string | number

/** Holes an array may have: an index far beyond its end is not data but a way to fill memory. */
const maxArrayGap = 1000

/**
 * The arguments of a function call that Vertex streams as `partialArgs`: values at JSON paths, long strings in pieces
 * (`[{ jsonPath: '$.steps[0].text', stringValue: 'Pre', willContinue: true }]`).
 */
export class PartialArguments {
  /** Without prototype, so that an argument named `__proto__` is one like any other. */
  readonly #root = emptyObject()

  add(partial: Json): void {
    const path = readPath(asString(asObject(partial)?.['jsonPath']) ?? '')
    const value = readValue(asObject(partial) ?? {})
    if (path.length > 0 && value !== undefined) place(this.#root, path, value)
  }

  merge(complete: JsonObject): void {
    Object.assign(this.#root, complete)
  }

  toJson(): string {
    return JSON.stringify(this.#root)
  }
}

function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject
}

/** `$.a.b[0]['c d']` -> ['a', 'b', 0, 'c d'] */
function readPath(text: string): Segment[] {
  const steps = text.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/g)
  return Array.from(steps, ([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Number(index),
  )
}

function readValue(partial: JsonObject): Json | undefined {
  const value = asString(partial['stringValue']) ?? asNumber(partial['numberValue']) ?? asBoolean(partial['boolValue'])
  return value === undefined && 'nullValue' in partial ? null : value
}

function place(root: JsonObject, path: Segment[], value: Json): void {
  let node: JsonObject | Json[] = root
  for (const [depth, segment] of path.slice(0, -1).entries()) {
    const next = child(node, segment, typeof path[depth + 1] === 'number')
    if (next === undefined) return
    node = next
  }
  const last = path.at(-1) as Segment
  const earlier = get(node, last)
  set(node, last, typeof earlier === 'string' && typeof value === 'string' ? earlier + value : value)
}

/** The container at `segment`, made where there is none. */
function child(node: JsonObject | Json[], segment: Segment, asList: boolean): JsonObject | Json[] | undefined {
  const found = get(node, segment)
  const existing = asArray(found) ?? asObject(found)
  if (existing !== undefined && Array.isArray(existing) === asList) return existing
  const made = asList ? [] : emptyObject()
  return set(node, segment, made) ? made : undefined
}

function get(node: JsonObject | Json[], segment: Segment): Json | undefined {
  return Array.isArray(node) ? node[Number(segment)] : node[segment]
}

function set(node: JsonObject | Json[], segment: Segment, value: Json): boolean {
  if (!Array.isArray(node)) node[segment] = value
  else if (typeof segment === 'number' && segment <= node.length + maxArrayGap) node[segment] = value
  else return false
  return true
}
