/** Answers kept for identical requests. Bounded by bytes, never by trust: the key carries the caller's scope. */
export interface Cache {
  get(key: string): CachedAnswer | undefined | Promise<CachedAnswer | undefined>
  /** An answer larger than the cache allows is not kept; that is no error. */
  set(key: string, answer: CachedAnswer, ttlMs: number): void | Promise<void>
  /** Removes everything, or only what `model` (as requested) made. Returns how many answers went. */
  clear(model?: string): number | Promise<number>
  stats(): CacheStats | Promise<CacheStats>
}

/** What an entry is like, without its content. */
export interface CacheEntry {
  key: string
  /** As requested. */
  model: string
  bytes: number
  /** Since it was stored. */
  hits: number
  storedAt: number
  expiresAt: number
  /** What one hit saves, 1e-9 USD; undefined: not known. */
  costNanoUsd: number | undefined
}

/** What a person who looks after the cache wants to see and do beyond `Cache`. */
export interface CacheInspector {
  /** Most hits first, the newest before the older. */
  top(count: number): CacheEntry[] | Promise<CacheEntry[]>
  models(): ModelShare[] | Promise<ModelShare[]>
  /** Another size: what no longer fits goes, oldest first. */
  resize(maxBytes: number): void | Promise<void>
}

export interface ModelShare {
  model: string
  entries: number
  bytes: number
}

export interface CachedAnswer {
  /** The whole answer in the client's dialect: JSON bytes. Streams are replayed from it. */
  body: Uint8Array
  /** As requested. */
  model: string
  /** Who made it. */
  provider: string
  providerModel: string
  inputTokens?: number
  outputTokens?: number
  /** What it cost when it was made, 1e-9 USD: what a hit saves. */
  costNanoUsd?: number
  /** Milliseconds since 1970. */
  storedAt: number
}

export interface CacheStats {
  entries: number
  bytes: number
  maxBytes: number
}
