import { createHash } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import { packEntry, readNote, unpackEntry } from './cache-redis-entry.ts'
import {
  clearModelScript,
  clearScript,
  getScript,
  listScript,
  setScript,
  shrinkScript,
  statsScript,
  sumsScript,
} from './cache-redis-scripts.ts'
import type { Cache, CachedAnswer, CacheEntry, CacheInspector, CacheStats, ModelShare } from './cache.ts'
import { createMemoryCache } from './cache-memory.ts'
import type { RedisLink, RedisScript } from './redis-link.ts'

export interface RedisCachePorts {
  link: RedisLink
  /** Gateways with the same one share their answers. */
  prefix: string
  /** Of all gateways together. */
  maxBytes: number
  /** Each part has its share of the bytes and lies on one node of a cluster: 1 where there is but one node. */
  parts: number
  /** This machine's clock, milliseconds. */
  now: () => number
  /** In place of the server's clock. */
  serverNow?: () => number
}

/** Part of every key: entries of another version are not seen, and run out by themselves. */
const version = 'v1'
/** What an entry costs Redis besides its texts. */
const entryOverhead = 512
/** Most memory for answers while Redis is away. */
const localBytes = 64 * 1024 * 1024
/** What people ask for may take longer than what calls wait for. */
const patientMs = 2000
/** So much is done in one script: some 2 ms, in which Redis answers nobody else. */
const step = 200
/** The most used are looked for among the last used: Redis may hold a million. */
const lookedAt = 1000

/** Answers that all gateways on one Redis share. While it is away this process keeps its own. */
export function createRedisCache(ports: RedisCachePorts): Cache & CacheInspector {
  const { link, prefix, parts, now, serverNow } = ports
  let { maxBytes } = ports
  const local = createMemoryCache({ maxBytes: Math.min(maxBytes, localBytes), now })
  // What others cleared or learned meanwhile is not known here.
  link.onHealed(() => local.clear())

  const time = (): string | number => serverNow?.() ?? ''
  const bases = Array.from({ length: parts }, (_, part) => `{${prefix}:cache:${version}:${part}}`)
  const baseOf = (key: string): string => bases[partOf(key, parts)] ?? ''

  async function get(key: string): Promise<CachedAnswer | undefined> {
    let reply: unknown
    try {
      reply = await link.run(getScript, { keys: [baseOf(key)], args: [time(), key] })
    } catch {
      return local.get(key)
    }
    if (!Array.isArray(reply)) return undefined
    const [note, body] = reply as unknown[]
    return body instanceof Uint8Array ? unpackEntry(String(note), body) : undefined
  }

  async function set(key: string, answer: CachedAnswer, ttlMs: number): Promise<void> {
    if (link.problem() !== undefined) return local.set(key, answer, ttlMs)
    const { note, body } = await packEntry(answer)
    const size = body.byteLength + Buffer.byteLength(note) + 2 * key.length + entryOverhead
    const most = Math.floor(maxBytes / parts)
    const isKept = answer.body.byteLength + entryOverhead <= most && ttlMs > 0
    const args = [time(), key, answer.model, note, body, Math.ceil(ttlMs), size, isKept ? most : -1]
    try {
      await link.run(setScript, { keys: [baseOf(key)], args })
    } catch {
      local.set(key, answer, ttlMs)
    }
  }

  async function clear(model?: string): Promise<number> {
    const here = local.clear(model)
    try {
      const cleared = await Promise.all(bases.map((base) => clearPart(base, model)))
      return sum(cleared)
    } catch {
      const problem = link.problem() ?? 'Redis does not answer'
      const message = `${problem}: only what this gateway kept meanwhile was cleared (${here}). Try again when it answers.`
      throw new GatewayError('internal_error', message)
    }
  }

  async function clearPart(base: string, model: string | undefined): Promise<number> {
    let cleared = 0
    let cursor = '0'
    for (;;) {
      if (model === undefined) {
        const gone = numberOf(await patiently(clearScript, base, [step]))
        cleared += gone
        if (gone === 0) return cleared
        continue
      }
      const [next, gone] = listOf(await patiently(clearModelScript, base, [cursor, step, model]))
      cleared += numberOf(gone)
      cursor = String(next)
      if (cursor === '0') return cleared
    }
  }

  async function stats(): Promise<CacheStats> {
    try {
      const all = await Promise.all(bases.map((base) => patiently(statsScript, base, [time()])))
      const numbers = all.map((each) => listOf(each).map(numberOf))
      return {
        entries: sum(numbers.map(([entries = 0]) => entries)),
        bytes: sum(numbers.map(([, bytes = 0]) => bytes)),
        maxBytes,
      }
    } catch {
      return { ...local.stats(), maxBytes }
    }
  }

  async function top(count: number): Promise<CacheEntry[]> {
    try {
      const share = Math.ceil(lookedAt / parts)
      const lists = await Promise.all(bases.map((base) => listPart(base, share)))
      return lists
        .flat()
        .toSorted((one, other) => other.hits - one.hits || other.storedAt - one.storedAt)
        .slice(0, count)
    } catch {
      return local.top(count)
    }
  }

  async function listPart(base: string, count: number): Promise<CacheEntry[]> {
    const entries: CacheEntry[] = []
    for (let from = 0; from < count; from += step) {
      const rows = listOf(await patiently(listScript, base, [from, Math.min(count, from + step) - 1]))
      entries.push(...rows.flatMap((row) => readRow(listOf(row).map(String))))
      if (rows.length < step) break
    }
    return entries
  }

  async function models(): Promise<ModelShare[]> {
    try {
      const all = await Promise.all(bases.map((base) => patiently(sumsScript, base, [])))
      return readShares(all.map((each) => listOf(each).map(String)))
    } catch {
      return local.models()
    }
  }

  async function resize(next: number): Promise<void> {
    maxBytes = next
    local.resize(Math.min(next, localBytes))
    const most = Math.floor(next / parts)
    try {
      for (const base of bases) {
        while (numberOf(await patiently(shrinkScript, base, [step, most])) === step);
      }
    } catch {
      // The next answer that is kept makes the room.
    }
  }

  function patiently(script: RedisScript, base: string, args: (string | number)[]): Promise<unknown> {
    return link.run(script, { keys: [base], args, deadlineMs: patientMs })
  }

  return { get, set, clear, stats, top, models, resize }
}

function partOf(key: string, parts: number): number {
  return parts === 1 ? 0 : (createHash('sha1').update(key).digest()[0] ?? 0) % parts
}

function readRow([key = '', noteText = '', hits, expiresAt, stored = '']: string[]): CacheEntry[] {
  const note = readNote(noteText)
  if (note === undefined) return []
  const { model, storedAt, costNanoUsd } = note
  const bytes = Number(stored.split(':', 1)[0])
  return [{ key, model, bytes, hits: Number(hits), storedAt, expiresAt: Number(expiresAt), costNanoUsd }]
}

/** From `n:MODEL` and `b:MODEL` of every part; the largest first. */
function readShares(parts: string[][]): ModelShare[] {
  const shares = new Map<string, ModelShare>()
  for (const sums of parts) {
    for (let at = 0; at + 1 < sums.length; at += 2) {
      const [name = '', value = '0'] = [sums[at], sums[at + 1]]
      if (!name.startsWith('n:') && !name.startsWith('b:')) continue
      const model = name.slice(2)
      const share = shares.get(model) ?? { model, entries: 0, bytes: 0 }
      if (name.startsWith('n:')) share.entries += Number(value)
      else share.bytes += Number(value)
      shares.set(model, share)
    }
  }
  return [...shares.values()].toSorted((one, other) => other.bytes - one.bytes)
}

function listOf(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : []
}

function numberOf(reply: unknown): number {
  return Number(String(reply))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
