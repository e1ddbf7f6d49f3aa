/** Questions that were answered, with what they mean: the semantic cache's index. The answers stay in the cache. */
export interface Vectors {
  /** Takes up what other gateways added since the last time. Never rejects, and never waits longer than a call may. */
  refresh(): void | Promise<void>
  /** Those that may be compared with each other, the newest last. */
  of(scope: string): VectorEntry[]
  /** `maxEntries`: of all scopes; the oldest go. */
  add(entry: VectorEntry, maxEntries: number): void | Promise<void>
  /** Its answer is gone. */
  drop(entry: VectorEntry): void
}

/** What a person who looks after the cache wants to see and do beyond `Vectors`. */
export interface VectorsInspector {
  /** Everything, or only what `model` (as requested) was asked. */
  clear(model?: string): void | Promise<void>
  stats(): { entries: number; bytes: number }
}

export interface VectorEntry {
  /** Everything about the request but its last question, and who made the vector. */
  scope: string
  /** Of length 1. */
  vector: Float32Array
  /** The question, which the guard reads. */
  text: string
  /** Of its answer in the cache. */
  key: string
  /** When that answer was stored, milliseconds since 1970: an answer of another time is not the one meant. */
  storedAt: number
  /** The call that was answered. */
  callId: string
  /** As requested. */
  model: string
  /** Milliseconds since 1970. */
  expiresAt: number
}
