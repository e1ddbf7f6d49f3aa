import { packVector, unpackVector } from '../semantic/packed-vector.ts'
import { redisScript, type RedisLink } from './redis-link.ts'
import { createMemoryVectors } from './vectors-memory.ts'
import type { VectorEntry, Vectors, VectorsInspector } from './vectors.ts'

export interface RedisVectorsPorts {
  link: RedisLink
  /** Gateways with the same one share their questions. */
  prefix: string
  now: () => number
}

/** Part of the key: what another version wrote is not read. */
const version = 'v1'
/** Some 150 KB: read well within what a call may wait for Redis. */
const batch = 64
/** Nobody needs the list when nobody added to it for so long. */
const listLifeMs = 7 * 86_400_000

/** ARGV: most entries, ms to live, note, vector. */
const addScript = redisScript(`
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'n', ARGV[3], 'v', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return id
`)

/** ARGV: the last id that is known, how many. */
const readScript = redisScript(`
return redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
`)

/** ARGV: ms to live, note, whether to forget all there is. Whoever reads it later forgets, too. */
const clearScript = redisScript(`
if ARGV[3] == '1' then redis.call('XTRIM', KEYS[1], 'MAXLEN', 0) end
redis.call('XADD', KEYS[1], '*', 'n', ARGV[2], 'v', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`)

/**
 * All gateways on one Redis write what they were asked into one stream, and each has a copy of it in memory, in which it
 * looks: a look reads only what is new, in one round trip beside the embedding. While Redis is away each goes on with
 * what it knows. The answers lie in the cache, and say whether an entry still holds.
 */
export function createRedisVectors({ link, prefix, now }: RedisVectorsPorts): Vectors & VectorsInspector {
  const local = createMemoryVectors({ now })
  const keys = [`{${prefix}:vectors:${version}}`]
  let lastId = '0-0'
  let maxEntries = Infinity
  let reading: Promise<void> | undefined

  /** Whether there may be more. */
  async function readBatch(): Promise<boolean> {
    const rows = listOf(await link.run(readScript, { keys, args: [lastId, batch] }))
    for (const row of rows) {
      const [id, fields] = listOf(row)
      lastId = String(id)
      take(listOf(fields))
    }
    return rows.length === batch
  }

  function take(fields: unknown[]): void {
    const note = readNote(String(fields[1]))
    if (note === undefined) return
    if ('cleared' in note) return local.clear(note.cleared)
    const packed = fields[3]
    const vector = packed instanceof Uint8Array ? unpackVector(packed) : undefined
    if (vector !== undefined && now() < note.expiresAt) local.add({ ...note, vector }, maxEntries)
  }

  /** One at a time; what is far behind is read beside the calls, of which none waits for more than one batch. */
  function refresh(): Promise<void> {
    reading ??= readBatch()
      .then((hasMore) => {
        if (hasMore) setImmediate(() => void refresh())
      })
      // Away: what is here has to do.
      .catch(() => {})
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  async function add(entry: VectorEntry, most: number): Promise<void> {
    maxEntries = most
    local.add(entry, most)
    const { vector, ...note } = entry
    try {
      await link.run(addScript, { keys, args: [most, listLifeMs, JSON.stringify(note), packVector(vector)] })
    } catch {
      // The others do not get to know of it.
    }
  }

  async function clear(model?: string): Promise<void> {
    local.clear(model)
    const note = JSON.stringify({ cleared: model ?? null })
    try {
      await link.run(clearScript, { keys, args: [listLifeMs, note, model === undefined ? 1 : 0] })
    } catch {
      // Without their answers, which are cleared apart, the entries of the others are worth nothing.
    }
  }

  return {
    refresh,
    add,
    clear,
    of: (scope) => local.of(scope),
    drop: (entry) => local.drop(entry),
    stats: () => local.stats(),
  }
}

type Note = Omit<VectorEntry, 'vector'> | { cleared: string | undefined }

function readNote(text: string): Note | undefined {
  try {
    const note = JSON.parse(text) as Record<string, unknown>
    if ('cleared' in note) return { cleared: typeof note['cleared'] === 'string' ? note['cleared'] : undefined }
    const { scope, text: question, key, callId, model, storedAt, expiresAt } = note
    const areTexts = [scope, question, key, callId, model].every((each) => typeof each === 'string')
    const areTimes = [storedAt, expiresAt].every((each) => typeof each === 'number')
    return areTexts && areTimes ? (note as unknown as Omit<VectorEntry, 'vector'>) : undefined
  } catch {
    return undefined
  }
}

function listOf(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : []
}
