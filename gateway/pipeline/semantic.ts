import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { SemanticCacheConfig } from '../config/semantic-cache.ts'
import { guardReason } from '../semantic/guard.ts'
import { nearest } from '../semantic/nearest.ts'
import { questionOf, type Question } from '../semantic/question.ts'
import type { Cache, CachedAnswer } from '../stores/cache.ts'
import type { VectorEntry, Vectors } from '../stores/vectors.ts'
import type { Call, Caller, Route } from './call.ts'
import { canonicalRequest } from './canonical.ts'
import { cacheScope, requestSpelling, type FoundAnswer, type LookUpSemantic, type SemanticLookup } from './lookup.ts'
import type { Embed } from './semantic-embed.ts'

export interface SemanticPorts {
  cache: Pick<Cache, 'get'>
  vectors: Vectors
  embed: Embed
  onRefused: () => void
}

/** So many are asked of the guard before it is a miss: what it lets pass is nearly the same text, and so among the first. */
const mostCandidates = 8

/** By meaning: the settings of one configuration, put to use. `ttlMs`: how long the cache keeps an answer. */
export function createSemantic(settings: SemanticCacheConfig, ttlMs: number, ports: SemanticPorts): LookUpSemantic {
  const lifeMs = Math.min(ttlMs, settings.ttl ?? ttlMs)
  return async (call, caller, route) => {
    const question = readQuestion(call)
    if (question === undefined) return {}
    const [vector] = await Promise.all([ports.embed(call, caller, question.text), ports.vectors.refresh()])
    if (vector === undefined) return {}
    const asked = { question, vector, scope: scopeOf(question, { call, caller, route }, settings) }
    const hit = await find(asked, settings, ports)
    if (hit !== undefined) return { hit }
    return { keep: (key, answer) => keep({ call, key, answer, lifeMs }, asked, { settings, ports }) }
  }
}

interface Asked {
  question: Question
  vector: Float32Array
  scope: string
}

/** undefined also for what cannot be read: it may be handed through all the same. */
function readQuestion(call: Call): Question | undefined {
  // A text to be gone on with is no question.
  if (call.dialect.client?.chat === undefined || call.dialect.id === 'openai-completions') return undefined
  try {
    return questionOf(canonicalRequest(call).value, call.json())
  } catch {
    return undefined
  }
}

/** Whose vectors and questions may be compared: all else is the same, and one model made the vectors. */
function scopeOf(
  { rest }: Question,
  { call, caller, route }: { call: Call; caller: Caller; route: Route },
  { embedding: { provider, model, dimensions } }: SemanticCacheConfig,
): string {
  const about = [provider, model, dimensions ?? 0, call.model]
  return hash('sha256', JSON.stringify(about) + cacheScope(call, caller, route) + requestSpelling(rest), 'base64')
}

async function find(
  { question, vector, scope }: Asked,
  { threshold }: SemanticCacheConfig,
  { vectors, cache, onRefused }: SemanticPorts,
): Promise<FoundAnswer | undefined> {
  const near = await nearest(vector, vectors.of(scope), { threshold, most: mostCandidates })
  const allowed: typeof near = []
  for (const each of near) {
    if (guardReason(each.entry.text, question.text) === undefined) allowed.push(each)
    // Long texts made to be slow to read take some 40 ms each: streams go on between.
    await setImmediate()
  }
  for (const { entry, similarity } of allowed) {
    const answer = await cache.get(entry.key)
    if (isOf(entry, answer)) return { answer, semantic: { similarity, sourceCallId: entry.callId } }
    vectors.drop(entry)
  }
  if (near.length > 0 && allowed.length === 0) onRefused()
  return undefined
}

/** The same request may have been answered anew since, by another call. */
function isOf(entry: VectorEntry, answer: CachedAnswer | undefined): answer is CachedAnswer {
  return answer !== undefined && answer.storedAt === entry.storedAt
}

function keep(
  { call, key, answer, lifeMs }: { call: Call; key: string; answer: CachedAnswer; lifeMs: number },
  { question: { text }, vector, scope }: Asked,
  { settings: { maxEntries }, ports: { vectors } }: { settings: SemanticCacheConfig; ports: SemanticPorts },
): ReturnType<NonNullable<SemanticLookup['keep']>> {
  const { storedAt, model } = answer
  return vectors.add(
    { scope, vector, text, key, storedAt, callId: call.id, model, expiresAt: storedAt + lifeMs },
    maxEntries,
  )
}
