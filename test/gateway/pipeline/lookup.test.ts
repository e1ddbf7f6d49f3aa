import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Json } from '../../../gateway/chat/json.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Call, Caller, Route } from '../../../gateway/pipeline/call.ts'
import {
  cacheKey,
  canonicalJson,
  createLookUp,
  keyedBytes,
  type FoundAnswer,
  type LookUp,
  type Lookup,
} from '../../../gateway/pipeline/lookup.ts'
import { createMemoryCache, type MemoryCache } from '../../../gateway/stores/cache-memory.ts'
import type { CachedAnswer } from '../../../gateway/stores/cache.ts'
import { call, dialect, hello, nobody, provider, target } from './stage.ts'

const to: Route = { alias: undefined, targets: [target()] }
const kept: CachedAnswer = { body: Buffer.from('{}'), model: 'm', provider: 'p', providerModel: 'm', storedAt: 1 }

describe('canonicalJson', () => {
  const table: [value: Json | undefined, text: string][] = [
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: 1, c: [{ z: 1, y: 2 }] } }, '{"b":{"c":[{"y":2,"z":1}],"d":1}}'],
    [[2, 1], '[2,1]'],
    ['a"b', '"a\\"b"'],
    [null, 'null'],
    [undefined, 'null'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [1.5, '1.5'],
    [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
  ]
  test.each(table)('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })
})

describe('the key', () => {
  const base = cacheKey(call(hello), nobody, to)

  const same: [what: string, body: string][] = [
    ['members in another order', '{"messages":[{"content":"Hello","role":"user"}],"model":"m"}'],
    ['blanks', `{ "model": "m",\n"messages": [ {"role":"user", "content":"Hello"} ] }`],
    ['streaming', JSON.stringify({ ...hello, stream: true, stream_options: { include_usage: true } })],
    ['metadata', JSON.stringify({ ...hello, 'x-gateway': { metadata: { feature: 'f' } } })],
    ['escapes', '{"model":"\\u006d","messages":[{"role":"user","content":"\\u0048ello"}]}'],
  ]
  test.each(same)('is the same: %s', (_what, body) => {
    expect(cacheKey(call(body), nobody, to)).toBe(base)
  })

  const other: Route = { alias: undefined, targets: [target({ model: 'm2' })] }
  const otherProvider: Route = { alias: undefined, targets: [target({}, provider({ name: 'q' }))] }
  const different: [what: string, of: Call, by: Caller, at: Route][] = [
    ['content', call({ ...hello, messages: [] }), nobody, to],
    ['a knob', call({ ...hello, temperature: 0 }), nobody, to],
    ['an unknown member', call({ ...hello, new_thing: 1 }), nobody, to],
    ['the name asked for', call({ ...hello, model: 'alias' }), nobody, to],
    ['the caller', call(hello), { ...nobody, name: 'app' }, to],
    ['the model behind', call(hello), nobody, other],
    ['the provider behind', call(hello), nobody, otherProvider],
    ['the provider insisted on', call({ ...hello, 'x-gateway': { provider: 'p' } }), nobody, to],
    ['no stand-in wanted', call({ ...hello, 'x-gateway': { fallback: false } }), nobody, to],
    ['the dialect', call(hello, { dialect: dialect('openai-completions') }), nobody, to],
  ]
  test.each(different)('differs: %s', (_what, of, by, at) => {
    expect(cacheKey(of, by, at)).not.toBe(base)
  })

  test('all of those differ from each other', () => {
    expect(new Set(different.map(([, of, by, at]) => cacheKey(of, by, at))).size).toBe(different.length)
  })
})

test('a request too long to be keyed without holding up streams is not looked up', async () => {
  const cache = createMemoryCache({ maxBytes: 1e9, now: () => 0 })
  const lookUp = createLookUp({ enabled: true, ttlMs: 1000 }, { cache, flights: new Map() })
  const of = (length: number): Promise<Lookup> | Lookup =>
    lookUp(call({ ...hello, messages: [{ role: 'user', content: 'x'.repeat(length) }] }), nobody, to)
  expect((await of(keyedBytes)).type).toBe('bypass')
  expect((await of(keyedBytes - 1000)).type).toBe('lead')
})

describe('look-up', () => {
  let now: number
  let cache: MemoryCache
  let flights: Map<string, Promise<FoundAnswer | undefined>>
  let lookUp: LookUp

  beforeEach(() => {
    now = 1000
    cache = createMemoryCache({ maxBytes: 1_000_000, now: () => now })
    flights = new Map()
    lookUp = createLookUp({ enabled: true, ttlMs: 5000 }, { cache, flights })
  })

  function ask(of: Call = call(hello)): Promise<Lookup> {
    return Promise.resolve(lookUp(of, nobody, to))
  }

  async function lead(of?: Call): Promise<Extract<Lookup, { type: 'lead' }>> {
    const found = await ask(of)
    if (found.type !== 'lead') throw new Error(`expected to lead, not ${found.type}`)
    return found
  }

  test('switched off, or not wanted: neither read nor written', async () => {
    const off = createLookUp({ enabled: false, ttlMs: 5000 }, { cache, flights })
    expect(await off(call(hello), nobody, to)).toEqual({ type: 'bypass' })
    expect(await ask(call({ ...hello, 'x-gateway': { cache: false } }))).toEqual({ type: 'bypass' })
    expect(flights.size).toBe(0)
  })

  test('miss, then hit, until its time is over', async () => {
    const first = await lead()
    await first.publish(kept)
    expect(await ask()).toMatchObject({ type: 'hit', answer: { provider: 'p' } })
    expect(flights.size).toBe(0)
    now += 5000
    expect((await ask()).type).toBe('lead')
  })

  test('50 identical calls: one asks, 49 get its answer', async () => {
    const first = await lead()
    const waiting = Array.from({ length: 49 }, () => ask())
    await first.publish(kept)
    const found = await Promise.all(waiting)
    expect(found.every(({ type }) => type === 'hit')).toBe(true)
  })

  test('50 at the same moment: one leads', async () => {
    const all = Array.from({ length: 50 }, () => ask())
    const leading = (await Promise.race(all)) as Extract<Lookup, { type: 'lead' }>
    await leading.publish(kept)
    const types = (await Promise.all(all)).map(({ type }) => type)
    expect(types.filter((type) => type === 'lead')).toHaveLength(1)
  })

  test('the leader has nothing to keep: one of those who wait leads next', async () => {
    const first = await lead()
    const waiting = Array.from({ length: 5 }, () => ask())
    await first.publish(undefined)
    const second = (await Promise.race(waiting)) as Extract<Lookup, { type: 'lead' }>
    expect(second.type).toBe('lead')
    expect(flights.size).toBe(1)
    await second.publish(kept)
    const types = (await Promise.all(waiting)).map(({ type }) => type)
    expect(types.toSorted()).toEqual(['hit', 'hit', 'hit', 'hit', 'lead'])
  })

  test('what is not lasting reaches those who wait, and nobody later', async () => {
    const first = await lead()
    const waiting = Array.from({ length: 5 }, () => ask())
    // Until they have looked into the cache and wait.
    await setImmediate()
    await first.publish(kept, false)
    expect((await Promise.all(waiting)).map(({ type }) => type)).toEqual(['hit', 'hit', 'hit', 'hit', 'hit'])
    expect((await ask()).type).toBe('lead')
  })

  test('other calls do not wait', async () => {
    await lead()
    expect((await ask(call({ ...hello, seed: 2 }))).type).toBe('lead')
  })

  test('who hangs up while waiting is let go, the others wait on', async () => {
    const first = await lead()
    const controller = new AbortController()
    const gone = ask(call(hello, { signal: controller.signal }))
    const patient = ask()
    controller.abort(new GatewayError('client_closed_request', 'gone'))
    await expect(gone).rejects.toMatchObject({ code: 'client_closed_request' })
    await first.publish(kept)
    expect((await patient).type).toBe('hit')
  })

  test('who has hung up already does not wait at all', async () => {
    const first = await lead()
    await expect(ask(call(hello, { signal: AbortSignal.abort(new Error('gone')) }))).rejects.toThrow('gone')
    await first.publish(undefined)
  })

  test('a cache that cannot be written still ends the flight', async () => {
    const broken = { ...cache, set: () => Promise.reject(new Error('full')) }
    lookUp = createLookUp({ enabled: true, ttlMs: 5000 }, { cache: broken, flights })
    const first = await lead()
    const waiting = ask()
    await expect(first.publish(kept)).rejects.toThrow('full')
    expect((await waiting).type).toBe('hit')
    expect(flights.size).toBe(0)
  })

  test('a malformed body is refused before it becomes a key', async () => {
    await expect(ask(call('{"model":"m","messages":[1,]}'))).rejects.toMatchObject({ code: 'invalid_json' })
    expect(flights.size).toBe(0)
  })
})
