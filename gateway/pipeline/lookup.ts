import { hash } from 'node:crypto'
import type { Json } from '../chat/json.ts'
import type { Cache, CachedAnswer } from '../stores/cache.ts'
import type { Call, Caller, Route } from './call.ts'

/** What the cache said, and what is to be done about it. */
export type Lookup =
  | { type: 'bypass' }
  | { type: 'hit'; answer: CachedAnswer }
  /** Nobody has it and nobody is asking: ask, then tell `publish`. */
  | { type: 'lead'; publish: Publish }

/**
 * undefined where there is nothing to hand on. What is not `lasting` goes only to those who wait for it now: a stand-in's
 * answer must not outlive the failure that called for it.
 */
export type Publish = (answer: CachedAnswer | undefined, lasting?: boolean) => Promise<void>

export type LookUp = (call: Call, caller: Caller, route: Route) => Promise<Lookup> | Lookup

const bypass: Lookup = { type: 'bypass' }

export interface LookupPorts {
  cache: Cache
  /** Running calls by key: identical calls wait for the first instead of asking too. Lives as long as the gateway. */
  flights: Map<string, Promise<CachedAnswer | undefined>>
}

/** A larger request is not looked up: putting it into one spelling would hold up every stream for over 10 ms. */
export const keyedBytes = 512 * 1024

export function createLookUp(settings: { enabled: boolean; ttlMs: number }, { cache, flights }: LookupPorts): LookUp {
  return async (call, caller, route) => {
    if (!settings.enabled || call.options.cache === false || call.members.bytes.length > keyedBytes) return bypass
    const key = cacheKey(call, caller, route)
    for (;;) {
      const answer = await cache.get(key)
      if (answer !== undefined) return { type: 'hit', answer }
      const flight = flights.get(key)
      if (flight === undefined) return lead(key)
      const shared = await orAborted(flight, call.signal)
      if (shared !== undefined) return { type: 'hit', answer: shared }
      // The first one failed or gave up: the next of those who waited leads now.
    }
  }

  function lead(key: string): Lookup {
    const { promise, resolve } = Promise.withResolvers<CachedAnswer | undefined>()
    flights.set(key, promise)
    return {
      type: 'lead',
      async publish(answer, lasting = true) {
        try {
          if (answer !== undefined && lasting) await cache.set(key, answer, settings.ttlMs)
        } finally {
          flights.delete(key)
          resolve(answer)
        }
      },
    }
  }
}

/** Members that do not change what is answered: one entry serves whole and streaming requests. */
const irrelevant = new Set(['stream', 'stream_options', 'x-gateway'])

/** Caller, dialect, where the name leads today, and the request in one spelling. */
export function cacheKey(call: Call, caller: Caller, route: Route): string {
  const first = route.targets[0]
  const scope = [
    caller.name,
    call.dialect.id,
    first?.provider.name ?? '',
    first?.model ?? '',
    call.options.provider ?? '',
    // Who rules out a stand-in may not get one's answer from somebody who did not.
    call.options.fallback === false,
  ]
  const body = Object.fromEntries(Object.entries(call.json()).filter(([name]) => !irrelevant.has(name)))
  return hash('sha256', `${JSON.stringify(scope)}${canonicalJson(body as Json)}`, 'base64')
}

/** JSON with members in order of their names. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`)
  return `{${members.join(',')}}`
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
