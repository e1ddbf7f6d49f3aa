import { hash } from 'node:crypto'
import { isObject, parseJson, type Json, type JsonObject } from '../chat/json.ts'
import type { KeptResponse, Responses } from './responses.ts'

export interface ResponsesSettings {
  /** Milliseconds since 1970. */
  now: () => number
  maxBytes?: number
  maxAgeMs?: number
}

const defaultMaxBytes = 64 * 1024 * 1024
const defaultMaxAgeMs = 24 * 60 * 60 * 1000

/** A longer conversation is not kept: items are kept once however often it repeats them, but all of it is sent on. UTF-16 units. */
const longestConversation = 32 * 1024 * 1024

/** How much longer than its age something may be there. */
const sweepMs = 60 * 1000

/** What an object costs beside its text, roughly. */
const overheadBytes = 200
/** What naming an item once more costs. */
const referenceBytes = 8

/** An item's text, once, however many responses of a conversation hold it. */
interface Item {
  key: string
  text: string
  bytes: number
  references: number
}

interface Entry {
  key: string
  scope: string
  /** The response without its output. */
  head: string
  items: Item[]
  /** How many of `items` were asked; the others were answered. */
  asked: number
  bytes: number
  keptAt: number
}

/**
 * In memory, bounded by bytes and age; what was not needed for longest goes first. A conversation's items are kept once,
 * so that its responses, each of which has all of it, do not cost the square of its length.
 */
export function createMemoryResponses(settings: ResponsesSettings): Responses {
  return new MemoryResponses(settings)
}

class MemoryResponses implements Responses {
  readonly #now: () => number
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #items = new Map<string, Item>()
  /** Scope and an item's own id -> key of the item. */
  readonly #itemIds = new Map<string, string>()
  #bytes = 0
  #nextSweep = 0

  constructor({ now, maxBytes = defaultMaxBytes, maxAgeMs = defaultMaxAgeMs }: ResponsesSettings) {
    this.#now = now
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
  }

  keep(scope: string, { input, response }: KeptResponse): void {
    const { output, ...rest } = response
    const key = keyOf(scope, response.id)
    this.#drop(key)
    const texts = [...input, ...output].map((item) => JSON.stringify(item))
    if (texts.reduce((sum, text) => sum + text.length, 0) > longestConversation) return
    const items = texts.map((text) => this.#hold(scope, text))
    for (const [index, item] of output.entries()) {
      const id = isObject(item) ? item['id'] : undefined
      if (typeof id === 'string') this.#itemIds.set(keyOf(scope, id), (items[input.length + index] as Item).key)
    }
    const head = JSON.stringify(rest)
    const bytes = bytesOf(head) + items.length * referenceBytes
    this.#entries.set(key, { key, scope, head, items, asked: input.length, bytes, keptAt: this.#now() })
    this.#bytes += bytes
    this.#sweep()
    this.#makeRoom()
  }

  find(scope: string, id: string): KeptResponse | undefined {
    this.#sweep()
    const key = keyOf(scope, id)
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const all = entry.items.map(({ text }) => JSON.parse(text) as Json)
    const response = { ...(JSON.parse(entry.head) as JsonObject), id, output: all.slice(entry.asked) }
    return { input: all.slice(0, entry.asked), response }
  }

  findItem(scope: string, id: string): JsonObject | undefined {
    this.#sweep()
    const key = this.#itemIds.get(keyOf(scope, id))
    const item = key === undefined ? undefined : this.#items.get(key)
    const value = item === undefined ? undefined : parseJson(item.text)
    return isObject(value) ? value : undefined
  }

  forget(scope: string, id?: string): boolean {
    if (id !== undefined) return this.#drop(keyOf(scope, id))
    const own = [...this.#entries.values()].filter((entry) => entry.scope === scope)
    for (const { key } of own) this.#drop(key)
    return own.length > 0
  }

  #hold(scope: string, text: string): Item {
    const key = keyOf(scope, hash('sha256', text, 'base64'))
    const known = this.#items.get(key)
    if (known !== undefined) {
      known.references += 1
      return known
    }
    const item = { key, text, bytes: bytesOf(text), references: 1 }
    this.#items.set(key, item)
    this.#bytes += item.bytes
    return item
  }

  #drop(key: string): boolean {
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    for (const item of entry.items) this.#release(entry.scope, item)
    return true
  }

  #release(scope: string, item: Item): void {
    item.references -= 1
    if (item.references > 0) return
    this.#items.delete(item.key)
    this.#bytes -= item.bytes
    const value = parseJson(item.text)
    const id = isObject(value) ? value['id'] : undefined
    if (typeof id !== 'string') return
    const named = keyOf(scope, id)
    if (this.#itemIds.get(named) === item.key) this.#itemIds.delete(named)
  }

  /** The clock is that of keeping, the order that of use: all must be looked at, but not every time. */
  #sweep(): void {
    if (this.#now() < this.#nextSweep) return
    this.#nextSweep = this.#now() + sweepMs
    const oldest = this.#now() - this.#maxAgeMs
    for (const { key, keptAt } of this.#entries.values()) if (keptAt < oldest) this.#drop(key)
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(key)
    }
  }
}

function keyOf(scope: string, name: string): string {
  return JSON.stringify([scope, name])
}

/** A text has up to two bytes per unit. */
function bytesOf(text: string): number {
  return text.length * 2 + overheadBytes
}
