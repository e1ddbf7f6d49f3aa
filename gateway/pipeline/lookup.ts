import { hash } from 'node:crypto'
import type { Json, JsonObject } from '../chat/json.ts'
import type { Cache, CachedAnswer } from '../stores/cache.ts'
import type { Call, Caller, Route } from './call.ts'

/** `semantic`: it is the answer to another question, of that call, which means the same. */
export interface FoundAnswer {
  answer: CachedAnswer
  semantic?: { similarity: number; sourceCallId: string }
}

/** What the cache said, and what is to be done about it. */
export type Lookup =
  | { type: 'bypass' }
  | ({ type: 'hit' } & FoundAnswer)
  /** Nobody has it and nobody is asking: ask, then tell `publish`. */
  | { type: 'lead'; publish: Publish }

/**
 * undefined where there is nothing to hand on. What is not `lasting` goes only to those who wait for it now: a stand-in's
 * answer must not outlive the failure that called for it.
 */
export type Publish = (answer: CachedAnswer | undefined, lasting?: boolean) => Promise<void>

export type LookUp = (call: Call, caller: Caller, route: Route) => Promise<Lookup> | Lookup

const bypass: Lookup = { type: 'bypass' }

/** What is found by meaning; else what to do with the answer that is now asked for, once the cache has it under `key`. */
export interface SemanticLookup {
  hit?: FoundAnswer
  keep?: (key: string, answer: CachedAnswer) => void | Promise<void>
}

/** Never rejects, and never waits longer than its own timeout. */
export type LookUpSemantic = (call: Call, caller: Caller, route: Route) => Promise<SemanticLookup>

export interface LookupPorts {
  cache: Cache
  /** Running calls by key: identical calls wait for the first instead of asking too. Lives as long as the gateway. */
  flights: Map<string, Promise<FoundAnswer | undefined>>
  /** For a model, as the client names it; undefined where only the same request counts. */
  semantic?: (model: string) => LookUpSemantic | undefined
}

/** A larger request is not looked up: putting it into one spelling would hold up every stream for over 10 ms. */
export const keyedBytes = 512 * 1024

export function createLookUp(
  settings: { enabled: boolean; ttlMs: number },
  { cache, flights, semantic }: LookupPorts,
): LookUp {
  return async (call, caller, route) => {
    if (!settings.enabled || call.options.cache === false || call.members.bytes.length > keyedBytes) return bypass
    const key = cacheKey(call, caller, route)
    for (;;) {
      const answer = await cache.get(key)
      if (answer !== undefined) return { type: 'hit', answer }
      const flight = flights.get(key)
      if (flight === undefined) return leadOrFind(key, { call, caller, route })
      const shared = await orAborted(flight, call.signal)
      const isWanted = shared?.semantic === undefined || call.options.cache !== 'exact'
      if (shared !== undefined && isWanted) return { type: 'hit', ...shared }
      // The first one failed or gave up: the next of those who waited leads now.
    }
  }

  /** Those who ask the same meanwhile wait, so that a question is looked up by meaning once. */
  function leadOrFind(key: string, asked: Asked): Lookup | Promise<Lookup> {
    const { promise, resolve } = Promise.withResolvers<FoundAnswer | undefined>()
    flights.set(key, promise)
    const land = (found: FoundAnswer | undefined): void => {
      flights.delete(key)
      resolve(found)
    }
    const lookUp = asked.call.options.cache === 'exact' ? undefined : semantic?.(asked.call.model)
    return lookUp === undefined ? lead(key, land) : findOrLead(key, land, { ...asked, lookUp })
  }

  async function findOrLead(
    key: string,
    land: (found: FoundAnswer | undefined) => void,
    { call, caller, route, lookUp }: Asked & { lookUp: LookUpSemantic },
  ): Promise<Lookup> {
    let found: SemanticLookup = {}
    try {
      found = await lookUp(call, caller, route)
    } catch (error) {
      land(undefined)
      throw error
    }
    if (found.hit === undefined) return lead(key, land, found.keep)
    land(found.hit)
    return { type: 'hit', ...found.hit }
  }

  function lead(key: string, land: (found: FoundAnswer | undefined) => void, keep?: SemanticLookup['keep']): Lookup {
    return {
      type: 'lead',
      async publish(answer, lasting = true) {
        try {
          if (answer !== undefined && lasting) {
            await cache.set(key, answer, settings.ttlMs)
            await keep?.(key, answer)
          }
        } finally {
          land(answer === undefined ? undefined : { answer })
        }
      },
    }
  }
}

interface Asked {
  call: Call
  caller: Caller
  route: Route
}

/** Members that do not change what is answered: one entry serves whole and streaming requests. */
const irrelevant = new Set(['stream', 'stream_options', 'x-gateway'])

/** Caller, dialect, where the name leads today, and the request in one spelling. */
export function cacheKey(call: Call, caller: Caller, route: Route): string {
  return hash('sha256', `${cacheScope(call, caller, route)}${requestSpelling(call.json())}`, 'base64')
}

/** What must be the same beside the request itself. */
export function cacheScope(call: Call, caller: Caller, route: Route): string {
  const first = route.targets[0]
  const scope = [
    caller.name,
    call.dialect.id,
    first?.provider.name ?? '',
    first?.model ?? '',
    call.options.provider ?? '',
    // Who rules out a stand-in may not get one's answer from somebody who did not.
    call.options.fallback === false,
    // What was made without guards that change answers is not served with them.
    ...(call.guards === undefined || call.guards.fingerprint === '' ? [] : [call.guards.fingerprint]),
  ]
  return JSON.stringify(scope)
}

/** Without what does not change the answer. */
export function requestSpelling(body: JsonObject): string {
  return canonicalJson(Object.fromEntries(Object.entries(body).filter(([name]) => !irrelevant.has(name))))
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
